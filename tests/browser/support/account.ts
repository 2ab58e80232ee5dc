/** What people do in the account area of the storefront, as steps of a story. */
import { expect, type Page } from "@playwright/test";
import type { Api } from "./api";
import { mailsTo } from "./mailbox";
import * as storefront from "./storefront";
import { totp } from "./totp";

export const section = (page: Page, name: string) => page.getByRole("region", { name });

/** Signs in as a fresh customer and goes to a page of their account. */
export async function openAccount(page: Page, api: Api, path = "/account") {
  const customer = await api.customer();
  await page.goto(`/login?redirect=${path}`);
  await storefront.signIn(page, customer.email);
  await expect(page).toHaveURL(path);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  return customer;
}

export async function signOut(page: Page) {
  await page.goto("/account");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByText("You are signed out.")).toBeVisible();
}

/** Sets up an authenticator app. Answers with its secret and the recovery codes. */
export async function turnOnTwoSteps(page: Page) {
  const steps = section(page, "Two-step sign-in");
  await steps.getByRole("button", { name: "Set up an authenticator app" }).click();
  await expect(steps.getByRole("img", { name: /^QR code/ })).toBeVisible();
  const uri = new URL(
    (await steps.getByRole("link", { name: "Open it on this device" }).getAttribute("href")) ?? "",
  );
  const secret = uri.searchParams.get("secret") ?? "";
  await steps.getByLabel("Six-digit code").fill(totp(secret));
  const dialog = page.getByRole("dialog", { name: "Your recovery codes" });
  const items = dialog.getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
  await expect(items).toHaveCount(10);
  const codes = await items.allInnerTexts();
  await dialog.getByRole("button", { name: "I have kept them" }).click();
  await expect(steps.getByText("On", { exact: true })).toBeVisible();
  return { secret, codes };
}

/** The address in the newest mail that leads to a new password. */
export async function resetLink(url: string, address: string): Promise<string> {
  const links = async () =>
    (await mailsTo(url, address)).flatMap(({ text }) => /\/reset-password\?token=[\w-]+/.exec(text) ?? []);
  await expect.poll(links, { message: `the mail for ${address}` }).not.toEqual([]);
  return (await links())[0] as string;
}
