/** Looking after one's account in the storefront. */
import { readFile } from "node:fs/promises";
import { openAccount, resetLink, section, signOut, turnOnTwoSteps } from "../support/account";
import { freshEmail, password, somewhere } from "../support/api";
import { codeFor } from "../support/mailbox";
import { addAuthenticator, signInByPasskey } from "../support/passkeys";
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
  await signInByPasskey(page, device, "/account/security");
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
  await expect(page.getByRole("heading", { level: 1, name: "Forgotten password" })).toBeVisible();
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

test("name, address and password can be changed", async ({ page, api, watch }) => {
  watch.expectAnswers(422);
  await openAccount(page, api, "/account/profile");
  const about = section(page, "About you");
  await about.getByRole("textbox", { name: "Name" }).fill("Augusta Ada King");
  await about.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();

  const email = section(page, "E-mail");
  const next = freshEmail();
  await email.getByRole("button", { name: "Change the address" }).click();
  await email.getByRole("textbox", { name: "New address" }).fill(next);
  await email.getByRole("button", { name: "Send a code there" }).click();
  await email.getByLabel("Six-digit code").fill(await codeFor(api.url, next));
  await expect(page.getByText("Your new address is in use.")).toBeVisible();
  await expect(email.getByText(next)).toBeVisible();

  const secret = section(page, "Password");
  await secret.getByLabel("Current password").fill("Wrong-password-1");
  await secret.getByLabel("New password").fill("Another-pass-1");
  await secret.getByRole("button", { name: "Change the password" }).click();
  await expect(secret.getByLabel("Current password")).toHaveAttribute("aria-invalid", "true");
  await secret.getByLabel("Current password").fill(password);
  await secret.getByRole("button", { name: "Change the password" }).click();
  await expect(page.getByText("Your new password is set.")).toBeVisible();

  await signOut(page);
  await page.goto("/login");
  await storefront.signIn(page, next, "Another-pass-1");
  await expect(page.getByRole("heading", { name: "Hello, Augusta Ada King" })).toBeVisible();
});

test("saved addresses are kept, and fill the checkout in", async ({ page, api, putOnSale }) => {
  const ring = await putOnSale();
  await openAccount(page, api, "/account/addresses");
  for (const line1 of ["12 rue des Tanneurs", "5 St James’s Square"]) {
    await page.getByRole("button", { name: "Add an address" }).click();
    const dialog = page.getByRole("dialog", { name: "A new address" });
    await expect(dialog.getByRole("textbox", { name: "Full name" })).toHaveValue("Ada Lovelace");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog.getByText("Enter the city.")).toBeVisible();
    await storefront.fillAddress(page, { ...somewhere, line1 });
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("button", { name: `Change the address ${line1}` })).toBeVisible();
  }
  await page.getByRole("button", { name: "Make 5 St James’s Square the default" }).click();
  await expect(page.getByRole("button", { name: "Make 12 rue des Tanneurs the default" })).toBeVisible();

  await storefront.addToCart(page, ring);
  await storefront.goToCheckout(page);
  await expect(page.getByRole("textbox", { name: "Street and number" })).toHaveValue("5 St James’s Square");
  await page.getByRole("combobox", { name: "Deliver to" }).selectOption({ index: 1 });
  await expect(page.getByRole("textbox", { name: "Street and number" })).toHaveValue("12 rue des Tanneurs");
  await storefront.placeOrder(page);
  await storefront.expectGateway(page);

  await page.goto("/account/addresses");
  await page.getByRole("button", { name: "Delete the address 12 rue des Tanneurs" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "12 rue des Tanneurs" })).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("button", { name: "Delete the address 12 rue des Tanneurs" })).toBeVisible();
});

test("an API key is shown once, and does what it was allowed to until it is revoked", async ({
  page,
  api,
}) => {
  const { email } = await openAccount(page, api, "/account/api-keys");
  await page.getByRole("button", { name: "Make a key" }).click();
  const form = page.getByRole("dialog", { name: "A new API key" });
  await form.getByRole("textbox", { name: "Name" }).fill("bookkeeping");
  await form.getByRole("button", { name: "Make the key" }).click();
  await expect(form.getByText("Choose at least one thing that it may do.")).toBeVisible();
  await form.getByRole("checkbox", { name: /^See your profile/ }).check();
  await form.getByRole("button", { name: "Make the key" }).click();
  const made = page.getByRole("dialog", { name: "Your new key" });
  const key = (await made.getByText(/^carat_/).innerText()).trim();
  await page.keyboard.press("Escape");
  await made.getByRole("button", { name: "I have kept it" }).click();
  await expect(page.getByText(key)).toHaveCount(0);

  expect(await api.send("GET", "/users/me", undefined, key)).toMatchObject({ email });
  await expect(api.send("GET", "/orders", undefined, key)).rejects.toThrow(/403/);
  await page.getByRole("button", { name: "Revoke bookkeeping" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke it" }).click();
  await expect(page.getByText("You have no keys.")).toBeVisible();
  await expect(api.send("GET", "/users/me", undefined, key)).rejects.toThrow(/401/);
});

test("people can take their data with them, and leave", async ({ page, api, watch }) => {
  watch.expectAnswers(401);
  const { email } = await openAccount(page, api, "/account/data");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download your data" }).click();
  const file = JSON.parse(await readFile(await (await download).path(), "utf8"));
  expect(file.user.email).toBe(email);

  await page.getByRole("button", { name: "Delete your account" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete your account?" });
  await dialog.getByRole("textbox").fill("someone.else@example.com");
  await dialog.getByRole("button", { name: "Delete it for good" }).click();
  await expect(dialog.getByText("This is not the address of your account.")).toBeVisible();
  await dialog.getByRole("textbox").fill(email);
  await dialog.getByRole("button", { name: "Delete it for good" }).click();
  await expect(page.getByText("Your account is deleted.")).toBeVisible();
  await page.goto("/login");
  await storefront.signIn(page, email);
  await expect(page.getByRole("main").getByRole("alert")).toBeVisible();
});
