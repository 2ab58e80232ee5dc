/**
 * A real OpenID provider beside the shop (tests/providers/openid.mjs), and the settings by which a shop lets people sign in
 * there.
 */
import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Page } from "@playwright/test";

const folder = resolve(import.meta.dirname, "../../providers");
const [id, secret] = ["shop", "the-shops-secret-at-the-provider"];

export interface Provider {
  origin: string;
  /** For the shop's environment. */
  settings: Record<string, string>;
  close: () => void;
}

export async function openProvider(): Promise<Provider> {
  const child = spawn("node", ["openid.mjs", id, secret], {
    cwd: folder,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const origin = await new Promise<string>((started, failed) => {
    child.once("error", failed);
    child.once("exit", (code) => failed(new Error(`the provider ended with code ${code}`)));
    createInterface({ input: child.stdout }).once("line", started);
  });
  const settings = {
    CARAT__SOCIAL__ACME__NAME: "Acme",
    CARAT__SOCIAL__ACME__ISSUER: origin,
    CARAT__SOCIAL__ACME__CLIENT_ID: id,
    CARAT__SOCIAL__ACME__CLIENT_SECRET: secret,
  };
  return { origin, settings, close: () => child.kill() };
}

/** Signs in on the provider's page, where the browser is by now, and consents. */
export async function signInThere(page: Page, login: string) {
  await page.getByPlaceholder("Enter any login").fill(login);
  await page.getByPlaceholder("and password").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}
