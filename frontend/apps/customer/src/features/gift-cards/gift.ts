/** What somebody says with a gift card: checked before the server is asked, and how its day is told. */
import type { Gift } from "@carat/api-client";
import * as v from "valibot";

const short = v.pipe(v.string(), v.trim(), v.maxLength(60, "60 characters at the most."));

export const giftSchema = v.object({
  email: v.pipe(
    v.string(),
    v.trim(),
    v.nonEmpty("Enter the e-mail address of who gets it."),
    v.email("This is no e-mail address."),
  ),
  to: short,
  from: short,
  message: v.pipe(v.string(), v.trim(), v.maxLength(500, "500 characters at the most.")),
  day: v.pipe(
    v.string(),
    v.check((day) => day === "" || day >= today(), "Choose a day to come."),
    v.check((day) => day <= inAYear(), "Choose a day within a year."),
  ),
});

export type GiftForm = v.InferOutput<typeof giftSchema>;

export const emptyGift: GiftForm = { email: "", to: "", from: "", message: "", day: "" };

export function giftOf({ email, to, from, message, day }: GiftForm): Gift {
  return {
    recipient_email: email.trim().toLowerCase(),
    recipient_name: to.trim() || null,
    sender_name: from.trim() || null,
    message: message.trim() || null,
    deliver_on: day || null,
  };
}

/** "24 December 2026": a day of the calendar, the same everywhere. */
export function formatGiftDay(day: string): string {
  const options = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" } as const;
  return new Date(`${day}T00:00:00Z`).toLocaleDateString("en-GB", options);
}

export function today(): string {
  return iso(new Date());
}

export function inAYear(): string {
  const now = new Date();
  return iso(new Date(now.getFullYear() + 1, now.getMonth(), now.getDate()));
}

function iso(date: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
