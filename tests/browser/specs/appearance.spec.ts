/** Light and dark, and narrow screens. */
import type { Page } from "@playwright/test";
import { demoAdmin, demoCustomer, demoSeller } from "../support/api";
import { signInAsSeller } from "../support/seller-app";
import { settled } from "../support/settled";
import * as storefront from "../support/storefront";
import { expect, test } from "../support/test";

test("the theme follows the system until one is chosen, and the choice stays", async ({ page, isMobile }) => {
  const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto("/");
  const dark = await background();
  if (isMobile) await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("button", { name: "Use the light theme" }).click();
  await expect.poll(background).not.toBe(dark);
  const light = await background();
  await page.reload();
  expect(await background()).toBe(light);
  await page.goto("/seller/login");
  await expect(page.getByRole("button", { name: "Use the dark theme" })).toBeVisible();
});

test.describe("at 320 pixels", () => {
  test.use({ viewport: { width: 320, height: 640 } });

  test("no page of the storefront scrolls sideways", async ({ page, putOnSale }) => {
    const ring = await putOnSale({
      title: "Ring-with-a-very-long-name-that-does-not-want-to-break-anywhere",
    });
    for (const path of [
      "/",
      "/products?material=silver",
      `/products/${ring.slug}`,
      "/login",
      "/register",
      "/verify",
      "/forgot-password",
      "/reset-password?token=x",
      "/login/second-factor?challenge=x",
      "/about",
      "/gift-card",
      "/nowhere",
    ]) {
      await page.goto(path);
      await expectToFit(page);
    }
    await storefront.addToCart(page, ring);
    await expectToFit(page);
    for (const path of ["/cart", "/checkout"]) {
      await page.goto(path);
      await expectToFit(page);
    }
    await page.goto("/products");
    await storefront.addToCart(page, ring);
    await storefront.orderAsGuest(page);
    await expectToFit(page);
    await storefront.choose(page, "Pay");
    await storefront.expectPaid(page);
    await expectToFit(page);
  });

  test("no page of the account scrolls sideways", async ({ page }) => {
    await page.goto("/login");
    await storefront.signIn(page, demoCustomer);
    await expect(page.getByRole("link", { name: "Your data" })).toBeVisible();
    for (const path of [
      "",
      "/orders",
      "/balance",
      "/profile",
      "/addresses",
      "/security",
      "/api-keys",
      "/data",
    ]) {
      await page.goto(`/account${path}`);
      await expectToFit(page);
    }
    await page.goto("/account/security");
    await page.getByRole("button", { name: "Set up an authenticator app" }).click();
    await expect(page.getByRole("img", { name: /^QR code/ })).toBeVisible();
    await expectToFit(page);
  });

  test("no page of the seller app scrolls sideways", async ({ page }) => {
    for (const path of ["/seller/login", "/seller/register"]) {
      await page.goto(path);
      await expectToFit(page);
    }
    await signInAsSeller(page, demoSeller);
    for (const path of [
      "/seller/",
      "/seller/products",
      "/seller/products/new",
      "/seller/orders",
      "/seller/nowhere",
    ]) {
      await page.goto(path);
      await expectToFit(page);
    }
    for (const place of ["account", "account/security", "account/api-keys", "account/data"]) {
      await page.goto(`/seller/${place}`);
      await expectToFit(page);
    }
    for (const list of ["products", "orders"]) {
      await page.goto(`/seller/${list}`);
      await page.getByRole("row").getByRole("link").first().click();
      await expect(page).toHaveURL(new RegExp(`/seller/${list}/.+`));
      await expectToFit(page);
    }
  });

  test("no page for administrators scrolls sideways", async ({ page }) => {
    await signInAsSeller(page, demoAdmin);
    for (const place of ["", "users", "users/register", "gift-cards", "gift-cards/issue", "security-log"]) {
      await page.goto(`/seller/${place}`);
      await expectToFit(page);
    }
    await page.goto("/seller/users");
    await page.getByRole("row").getByRole("link").first().click();
    await expect(page).toHaveURL(/\/seller\/users\/.+/);
    await expectToFit(page);
  });

  test("no gift card scrolls sideways", async ({ page, api }) => {
    await page.goto("/gift-card");
    const { code } = await api.issueGiftCard(999_999_999);
    await page.getByRole("textbox", { name: "Code" }).fill(code);
    await expect(page.getByRole("region", { name: /^Your gift card/ })).toBeVisible();
    await expectToFit(page);
    await signInAsSeller(page, demoAdmin);
    await page.goto("/seller/gift-cards");
    await page.getByRole("row").getByRole("link").first().click();
    await expect(page).toHaveURL(/\/seller\/gift-cards\/.+/);
    await expectToFit(page);
    await page.goto("/seller/gift-cards/issue");
    await page.getByRole("textbox", { name: "Value of each" }).fill("9999999.99");
    await page.getByRole("button", { name: "Issue the gift card" }).click();
    await expect(page.getByText("This code is shown only now")).toBeVisible();
    await expectToFit(page);
  });
});

async function expectToFit(page: Page) {
  await settled(page);
  const { scrollWidth, clientWidth } = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return { scrollWidth, clientWidth };
  });
  expect.soft(scrollWidth, `the width of ${page.url()}`).toBeLessThanOrEqual(clientWidth);
}
