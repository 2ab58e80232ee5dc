/** Looking after one's account in the storefront. */
import { openAccount, resetLink, section, signOut, turnOnTwoSteps } from "../support/account";
import { freshEmail } from "../support/api";
import { addAuthenticator } from "../support/passkeys";
import * as storefront from "../support/storefront";
import { expect, test } from "../support/test";
import { totp } from "../support/totp";

test("after the password come six digits, or a code that was written down", async ({ page, watch }) => {
  watch.expectAnswers(401);
  const email = freshEmail();
  await page.goto("/register?redirect=/account/security");
  await storefront.register(page, { name: "Ada Lovelace", email });
  await storefront.enterCode(page, email);
  const { secret, codes } = await turnOnTwoSteps(page);

  await signOut(page);
  await page.goto("/login?redirect=/account/security");
  await storefront.signIn(page, email);
  await expect(page.getByRole("heading", { name: "One more step" })).toBeVisible();
  await page.getByLabel("Six-digit code").fill("000000");
  await expect(page.getByRole("main").getByRole("alert")).toBeVisible();
  await page.getByLabel("Six-digit code").fill(totp(secret, 1));
  await expect(page.getByRole("heading", { level: 1, name: "Security" })).toBeVisible();

  await signOut(page);
  await page.goto("/login");
  await storefront.signIn(page, email);
  await page.getByRole("button", { name: "Use a recovery code" }).click();
  await page.getByLabel("Recovery code").fill(codes[0] as string);
  await page.getByRole("main").getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Hello, Ada Lovelace" })).toBeVisible();
  await page.goto("/account/security");
  await expect(section(page, "Two-step sign-in").getByText("9 recovery codes are left.")).toBeVisible();
});

test("a passkey signs in without a password", async ({ page, api }) => {
  const device = await addAuthenticator(page);
  await openAccount(page, api, "/account/security");
  const passkeys = section(page, "Passkeys");
  await passkeys.getByRole("button", { name: "Add a passkey" }).click();
  await expect(passkeys.getByRole("listitem")).toHaveCount(1);
  expect(await device.passkeys()).toBe(1);
  await passkeys.getByRole("button", { name: /^Rename / }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("My laptop");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(passkeys.getByText("My laptop")).toBeVisible();

  await device.rest(true);
  await signOut(page);
  await page.goto("/login?redirect=/account/security");
  await device.rest(false);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Security" })).toBeVisible();
  await expect(passkeys.getByText("last used just now")).toBeVisible();

  await passkeys.getByRole("button", { name: "Remove My laptop" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove it" }).click();
  await expect(passkeys.getByText("You have no passkey yet.")).toBeVisible();
});

test("a forgotten password is replaced by way of a mail, and all devices are signed out", async ({
  page,
  api,
  watch,
  anotherBrowser,
}) => {
  watch.expectAnswers(401, 404, 410);
  const elsewhere = await (await anotherBrowser()).newPage();
  const { email } = await openAccount(elsewhere, api);
  await page.goto("/login");
  await page.getByRole("link", { name: "Forgotten?" }).click();
  await page.getByRole("textbox", { name: "E-mail" }).fill(email);
  await page.getByRole("button", { name: "Send me the mail" }).click();
  await expect(page.getByText("Look into your mailbox")).toBeVisible();

  const link = await resetLink(api.url, email);
  await page.goto(link);
  await page.getByLabel("New password").fill("Another-pass-1");
  await page.getByRole("button", { name: "Set the password" }).click();
  await expect(page.getByText("Your new password is set")).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: "Sign in with it" }).click();
  await storefront.signIn(page, email, "Another-pass-1");
  await expect(page.getByRole("heading", { name: "Hello, Ada Lovelace" })).toBeVisible();

  await elsewhere.goto("/account/orders");
  await expect(elsewhere.getByText("You have been signed out. Your bag is as you left it.")).toBeVisible();

  await elsewhere.goto(link);
  await elsewhere.getByLabel("New password").fill("Third-pass-1");
  await elsewhere.getByRole("button", { name: "Set the password" }).click();
  await expect(elsewhere.getByText("This link is no longer good")).toBeVisible();
});

test("another device can be signed out, and shows it", async ({ page, api, watch, anotherBrowser }) => {
  watch.expectAnswers(401, 404);
  const { email } = await openAccount(page, api, "/account/security");
  const elsewhere = await (await anotherBrowser()).newPage();
  await elsewhere.goto("/login");
  await storefront.signIn(elsewhere, email);
  await expect(elsewhere.getByRole("heading", { name: "Hello, Ada Lovelace" })).toBeVisible();

  await page.reload();
  const devices = section(page, "Where you are signed in");
  await expect(devices.getByText("This device")).toBeVisible();
  // The API that made the account signed in, too.
  await devices.getByRole("button", { name: "Sign out everywhere else" }).click();
  await expect(devices.getByRole("listitem")).toHaveCount(1);

  await elsewhere.goto("/account/orders");
  await expect(elsewhere.getByText("You have been signed out. Your bag is as you left it.")).toBeVisible();
  await elsewhere.getByRole("status").getByRole("link", { name: "Sign in" }).click();
  await storefront.signIn(elsewhere, email);
  await expect(elsewhere).toHaveURL("/account/orders");
});

test("an access token that has ended is renewed unseen, once for all tabs", async ({
  page,
  context,
  api,
}) => {
  await openAccount(page, api);
  // What is still being loaded would keep the new end of the session after we have set an old one.
  await page.waitForLoadState("networkidle");
  await context.clearCookies({ name: "carat_session" });
  await page.evaluate(() => localStorage.setItem("carat.session", new Date(0).toISOString()));
  const renewals: string[] = [];
  context.on("request", (request) => request.url().endsWith("/auth/refresh") && renewals.push(request.url()));
  const second = await context.newPage();
  await Promise.all([page.reload(), second.goto("/account/orders")]);
  await expect(page.getByRole("heading", { name: "Hello, Ada Lovelace" })).toBeVisible();
  await expect(second.getByRole("heading", { level: 1, name: "Your orders" })).toBeVisible();
  await expect.poll(() => renewals.length).toBe(1);
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain(
    "eyJ",
  );
});
