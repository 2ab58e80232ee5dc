/** Signing in by way of a provider: there, and back as somebody who is signed in. */
import { section, signOut, turnOnTwoSteps } from "../support/account";
import { Api, freshEmail } from "../support/api";
import { addAuthenticator, signInByPasskey } from "../support/passkeys";
import { openProvider, type Provider, signInThere } from "../support/provider";
import { openShop } from "../support/shop";
import * as storefront from "../support/storefront";
import { test as base, expect } from "../support/test";
import { totp } from "../support/totp";

const test = base.extend<object, { provider: Provider }>({
  provider: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the names of the fixtures from here.
    async ({}, use) => {
      const provider = await openProvider();
      await use(provider);
      provider.close();
    },
    { scope: "worker" },
  ],
  api: [
    async ({ provider }, use) => {
      const shop = await openShop(provider.settings);
      await use(new Api(shop.url));
      await shop.close();
    },
    { scope: "worker", timeout: 90_000 },
  ],
});

test.beforeEach(({ watch, provider }) => watch.mayVisit(provider.origin));

test("whoever signs in at the provider comes back signed in, and stays it", async ({ page }) => {
  const email = freshEmail();
  await page.goto("/login?redirect=/account/security");
  await page.getByRole("link", { name: "Continue with Acme" }).click();
  await signInThere(page, email);
  await expect(page).toHaveURL("/account/security");
  await expect(page.getByRole("heading", { level: 1, name: "Security" })).toBeVisible();
  await expect(section(page, "Other accounts").getByText(email)).toBeVisible();
  const ends = await page.evaluate(() => Date.parse(localStorage.getItem("carat.session") ?? ""));
  expect(ends).toBeGreaterThan(Date.now());
  const cookies = (await page.context().cookies()).map(({ name }) => name);
  expect(cookies).not.toContain("carat_oauth");

  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Security" })).toBeVisible();
});

test("whoever goes back from the provider is at the sign-in page, and is told so", async ({
  page,
  watch,
}) => {
  watch.expectAnswers(401); // the page looks whether somebody came back signed in
  await page.goto("/login?redirect=/account/security");
  await page.getByRole("link", { name: "Continue with Acme" }).click();
  await page.getByRole("link", { name: "Cancel" }).click();
  await expect(page).toHaveURL(/\/login\?error=oauth-denied/);
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await expect(page.getByText("You did not let us know who you are")).toBeVisible();
  await storefront.signIn(page, (await new Api(new URL(page.url()).origin).customer()).email);
  await expect(page.getByRole("heading", { level: 1, name: "Security" })).toBeVisible();
});

test("one account, and every way into it", async ({ page, watch }) => {
  test.setTimeout(120_000);
  watch.expectAnswers(401); // at the second step the page looks whether somebody came back signed in
  const device = await addAuthenticator(page);
  const email = freshEmail();
  await page.goto("/register?redirect=/account/security");
  await storefront.register(page, { name: "Ada Lovelace", email });
  await storefront.enterCode(page, email);
  const security = page.getByRole("heading", { level: 1, name: "Security" });
  const { secret, codes } = await turnOnTwoSteps(page);

  await signOut(page);
  await device.rest(true);
  await page.goto("/login?redirect=/account/security");
  await storefront.signIn(page, email);
  await page.getByLabel("Six-digit code").fill(totp(secret, 1));
  await expect(security).toBeVisible();
  await device.rest(false);

  const passkeys = section(page, "Passkeys");
  await passkeys.getByRole("button", { name: "Add a passkey" }).click();
  await expect(passkeys.getByRole("listitem")).toHaveCount(1);

  await device.rest(true);
  await signOut(page);
  await signInByPasskey(page, device, "/account/security");
  await expect(security).toBeVisible();

  await device.rest(true);
  await signOut(page);
  await page.goto("/login?redirect=/account/security");
  await page.getByRole("link", { name: "Continue with Acme" }).click();
  await signInThere(page, email);
  await expect(page.getByRole("heading", { name: "One more step" })).toBeVisible();
  await page.getByRole("button", { name: "Use a recovery code" }).click();
  await page.getByLabel("Recovery code").fill(codes[0] as string);
  await page.getByRole("main").getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(security).toBeVisible();
  await expect(section(page, "Other accounts").getByText(email)).toBeVisible();
});
