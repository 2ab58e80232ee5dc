/** The mails that the shop has sent, as its development mailbox at /dev/mail has them. */
import { expect } from "@playwright/test";

interface Mail {
  to: string;
  subject: string;
  text: string;
}

export async function mailsTo(url: string, address: string): Promise<Mail[]> {
  const response = await fetch(`${url}/dev/mail`, { headers: { Accept: "application/json" } });
  const { data } = (await response.json()) as { data: Mail[] };
  return data.filter(({ to }) => to === address);
}

/** The six digits of the newest mail that has some; waits until it is there. */
export async function codeFor(url: string, address: string): Promise<string> {
  const codes = async () =>
    (await mailsTo(url, address)).flatMap(({ subject }) => /^\d{6}\b/.exec(subject) ?? []);
  await expect.poll(codes, { message: `a code for ${address}` }).not.toEqual([]);
  return (await codes())[0] as string;
}
