/** What customers do in the storefront, as steps of a story. */
import { expect, type Locator, type Page } from "@playwright/test";
import { freshEmail, type Piece, password, somewhere } from "./api";
import { codeFor } from "./mailbox";

export const cartDrawer = (page: Page): Locator => page.getByRole("dialog", { name: "Your cart" });
export const cartButton = (page: Page): Locator => page.getByRole("button", { name: /^Cart, / });

export async function register(page: Page, { name, email }: { name: string; email: string }) {
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("textbox", { name: "E-mail" }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("main").getByRole("button", { name: "Make an account" }).click();
}

export async function enterCode(page: Page, email: string) {
  const field = page.getByLabel("Six-digit code");
  await expect(field).toBeVisible();
  await field.fill(await codeFor(new URL(page.url()).origin, email));
  await expect(field).toBeHidden();
}

export async function signIn(page: Page, email: string, secret = password) {
  await page.getByRole("textbox", { name: "E-mail" }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(secret);
  await page.getByRole("main").getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Opens the piece and puts it into the cart; the drawer is open then, and what was added is really there. */
export async function addToCart(page: Page, { slug, title }: Pick<Piece, "slug" | "title">) {
  await page.goto(`/products/${slug}`);
  await addThisToCart(page, title);
}

export async function addThisToCart(page: Page, title: string) {
  const added = page.waitForResponse((answer) => /\/carts\/[^/]+\/lines$/.test(answer.url()));
  await page.getByRole("button", { name: "Add to cart" }).click();
  await expect(cartDrawer(page).getByRole("link", { name: title })).toBeVisible();
  await added;
  await expect(cartDrawer(page).getByRole("button", { name: `Remove ${title}` })).toBeEnabled();
}

export async function goToCheckout(page: Page) {
  await cartDrawer(page).getByRole("link", { name: "Go to checkout" }).click();
  await expect(page.getByRole("heading", { name: "Checkout" })).toBeVisible();
}

export async function fillAddress(page: Page, address: typeof somewhere = somewhere) {
  await page.getByRole("textbox", { name: "Full name" }).fill(address.name);
  await page.getByRole("textbox", { name: "Street and number" }).fill(address.line1);
  await page.getByRole("textbox", { name: "Postal code" }).fill(address.postal_code);
  await page.getByRole("textbox", { name: "City" }).fill(address.city);
  await page.getByRole("combobox", { name: "Country" }).selectOption(address.country);
}

export async function placeOrder(page: Page) {
  await page.getByRole("button", { name: /^Order and pay/ }).click();
}

/** Whoever has just placed an order is at the gateway's page. */
export async function expectGateway(page: Page) {
  await expect(page).toHaveURL(/\/sandbox\/pay\//);
  await expect(page.getByText("Sandbox payment")).toBeVisible();
}

/** From the cart's drawer to the gateway's page, as a guest. */
export async function orderAsGuest(page: Page, email = freshEmail()) {
  await goToCheckout(page);
  await page.getByRole("textbox", { name: "E-mail" }).fill(email);
  await fillAddress(page);
  await placeOrder(page);
  await expectGateway(page);
}

export type GatewayChoice = "Pay" | "Have the card declined" | "Cancel and go back";

export async function choose(page: Page, choice: GatewayChoice) {
  await page.getByRole("button", { name: choice, exact: true }).click();
  await expect(page).toHaveURL(/\/orders\//);
}

export async function expectPaid(page: Page) {
  await expect(page.getByText("Thank you, your order is paid")).toBeVisible({ timeout: 20_000 });
}

/** The status that stands beside the order's number. */
export const orderStatus = (page: Page): Locator => page.getByRole("main").getByRole("status").first();

export async function orderNumber(page: Page): Promise<string> {
  const title = await page.getByRole("heading", { level: 1, name: /^Order / }).innerText();
  return title.replace(/^Order /, "");
}
