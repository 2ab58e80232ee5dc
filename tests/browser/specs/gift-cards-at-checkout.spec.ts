/** Gift cards and the balance at the checkout: they pay first, wholly or in part, and come back when nobody pays the rest. */
import type { Page } from "@playwright/test";
import { openAccount } from "../support/account";
import { freshEmail } from "../support/api";
import { expectAccessible } from "../support/axe";
import * as storefront from "../support/storefront";
import { expect, test } from "../support/test";

const cards = (page: Page) => page.getByRole("list", { name: "Gift cards" }).getByRole("listitem");
const review = (page: Page) => page.getByRole("region", { name: "Review and pay" });
const pieces = (page: Page) => page.getByRole("region", { name: "Pieces" });

async function addGiftCard(page: Page, code: string) {
  await page.getByRole("button", { name: /^Add (a|another) gift card$/ }).click();
  await page.getByRole("textbox", { name: "Gift card code" }).fill(code);
}

/** The address, however the page greets its visitor. */
async function toCheckout(page: Page, email?: string) {
  await storefront.goToCheckout(page);
  if (email) await page.getByRole("textbox", { name: "E-mail" }).fill(email);
  await storefront.fillAddress(page);
}

test("gift cards and the balance pay before the card, and the order tells what each gave", async ({
  page,
  api,
  putOnSale,
}) => {
  const piece = await putOnSale({ amount: 12_900 });
  const [one, two, three] = await Promise.all([2_000, 1_500, 3_000].map((cents) => api.issueGiftCard(cents)));
  if (!one || !two || !three) throw new Error("three cards");
  await openAccount(page, api, "/gift-card");
  await page.getByRole("textbox", { name: "Code" }).fill(three.code);
  await page.getByRole("button", { name: "Add €30.00 to your balance" }).click();
  await expect(page.getByRole("heading", { name: "€30.00 is yours" })).toBeVisible();

  await storefront.addToCart(page, piece);
  await toCheckout(page);
  await addGiftCard(page, one.code);
  await expect(cards(page)).toHaveCount(1);
  await expect(cards(page).first()).toContainText("Gives €20.00");
  await addGiftCard(page, one.code);
  await expect(page.getByText("This gift card is there already.")).toBeVisible();
  await page.getByRole("textbox", { name: "Gift card code" }).fill(two.code);
  await expect(cards(page)).toHaveCount(2);
  await expect(review(page)).toContainText("To pay by card€94.00");
  await page.getByRole("checkbox", { name: /^Use my balance/ }).check();
  await expect(review(page)).toContainText("Your balance-€30.00");
  await expect(page.getByRole("button", { name: "Order and pay €64.00" })).toBeEnabled();
  await expectAccessible(page, "gift cards and balance");

  await page.reload();
  await expect(cards(page)).toHaveCount(2);
  await expect(page.getByRole("checkbox", { name: /^Use my balance/ })).toBeChecked();
  await storefront.placeOrder(page);
  await storefront.expectGateway(page);
  await expect(page.getByText("64.00 EUR")).toBeVisible();
  await storefront.choose(page, "Pay");
  await storefront.expectPaid(page);
  for (const part of [
    `${one.code.slice(-4)}€20.00`,
    `${two.code.slice(-4)}€15.00`,
    "Your balance€30.00",
    "Card€64.00",
  ]) {
    await expect(pieces(page)).toContainText(part);
  }
  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
  expect(kept).not.toContain(one.code.replaceAll("-", ""));
  await page.goto("/account/balance");
  await expect(page.getByRole("region", { name: "Your balance" }).getByText("€0.00")).toBeVisible();
  await expect(page.getByText("Your balance was used for an order")).toBeVisible();
});

test("a guest whose gift card is enough pays nothing more", async ({ page, api, putOnSale }) => {
  const piece = await putOnSale({ amount: 12_900 });
  const { code } = await api.issueGiftCard(50_000);
  await storefront.addToCart(page, piece);
  await toCheckout(page, freshEmail());
  await expect(page.getByRole("checkbox", { name: /^Use my balance/ })).toHaveCount(0);
  await addGiftCard(page, code.toLowerCase());
  await expect(cards(page).first()).toContainText("Gives €129.00; €371.00 stay on it");
  await expect(page.getByText("Nothing is left to pay by card.")).toBeVisible();
  await page.getByRole("button", { name: "Place the order" }).click();
  await expect(page).toHaveURL(/\/orders\//);
  await storefront.expectPaid(page);
  await expect(pieces(page)).toContainText(`${code.slice(-4)}€129.00`);
  await expect(storefront.cartButton(page)).toHaveAccessibleName("Cart, 0 pieces");
});

test("what is wrong with a code is said at once, and a card that is used meanwhile at the end", async ({
  page,
  api,
  putOnSale,
  watch,
}) => {
  watch.expectAnswers(404, 409);
  const piece = await putOnSale({ amount: 12_900 });
  const [blocked, shared] = [await api.issueGiftCard(1_000), await api.issueGiftCard(2_000)];
  await api.disableGiftCard(blocked.id);
  await storefront.addToCart(page, piece);
  await toCheckout(page, freshEmail());
  await page.getByRole("button", { name: "Add a gift card" }).click();
  const field = page.getByRole("textbox", { name: "Gift card code" });
  await expect(field).toBeFocused();
  await field.fill("0000-0000-0000-0000-0000-0999");
  await expect(page.getByText("We know no gift card with this code.")).toBeVisible();
  await field.fill(blocked.code);
  await expect(page.getByText("This gift card is blocked.")).toBeVisible();
  await expect(page).toHaveURL("/checkout");
  await field.fill(shared.code);
  await expect(cards(page)).toHaveCount(1);
  await expect(page.getByRole("button", { name: "Add another gift card" })).toBeFocused();

  const { token } = await api.customer();
  await api.send("POST", "/gift-cards/redeem", { code: shared.code }, token);
  await storefront.placeOrder(page);
  await expect(page.getByText("Nothing was ordered, and nothing was taken.")).toBeVisible();
  await expect(page.getByText(`the one that ends with ${shared.code.slice(-4)}`)).toBeVisible();
  await page
    .getByRole("button", { name: `Remove the gift card that ends with ${shared.code.slice(-4)}` })
    .click();
  await expect(page.getByRole("button", { name: "Order and pay €129.00" })).toBeEnabled();
  await storefront.placeOrder(page);
  await storefront.expectGateway(page);
});

test("what a declined order had taken comes back", async ({ page, api, putOnSale }) => {
  const piece = await putOnSale({ amount: 12_900 });
  const { code } = await api.issueGiftCard(2_000);
  await storefront.addToCart(page, piece);
  await toCheckout(page, freshEmail());
  await addGiftCard(page, code);
  await expect(page.getByRole("button", { name: "Order and pay €109.00" })).toBeEnabled();
  await storefront.placeOrder(page);
  await storefront.expectGateway(page);
  expect((await api.checkGiftCard(code)).status).toBe("redeemed");
  await page.goBack();
  await expect(pieces(page)).toContainText("Left to pay€109.00");
  await page.goForward();
  await storefront.choose(page, "Have the card declined");
  await expect(page.getByText("The payment did not go through")).toBeVisible({ timeout: 20_000 });
  expect((await api.checkGiftCard(code)).status).toBe("active");
});
