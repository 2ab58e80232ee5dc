/** The cart: changes show at once, can be taken back, survive a reload, and never promise more than there is. */
import * as storefront from "../support/storefront";
import { expect, test } from "../support/test";

test("a line that was removed comes back with Undo, in its quantity", async ({ page, putOnSale }) => {
  const ring = await putOnSale();
  await storefront.addToCart(page, ring);
  const drawer = storefront.cartDrawer(page);
  await drawer.getByRole("button", { name: `One more ${ring.title}` }).click();
  await expect(drawer.getByRole("group", { name: `Quantity of ${ring.title}` })).toContainText("2");
  await drawer.getByRole("button", { name: `Remove ${ring.title}` }).click();
  await expect(drawer.getByText(`${ring.title} is out of the cart.`)).toBeVisible();
  await expect(drawer.getByRole("link", { name: ring.title })).toBeHidden();
  await drawer.getByRole("button", { name: "Undo" }).click();
  await expect(drawer.getByRole("group", { name: `Quantity of ${ring.title}` })).toContainText("2");
  await expect(drawer.getByRole("definition").last()).toHaveText("€258.00");
});

test("the cart is still there after a reload, and its page shows what the drawer showed", async ({
  page,
  putOnSale,
}) => {
  const ring = await putOnSale();
  await storefront.addToCart(page, ring);
  await page.goto("/cart");
  await expect(storefront.cartButton(page)).toHaveAccessibleName("Cart, 1 piece");
  await expect(page.getByRole("main").getByRole("link", { name: ring.title })).toBeVisible();
  await expect(page.getByRole("complementary", { name: "Total" })).toContainText("€129.00");
});

test("no more can be put into the cart than there is", async ({ page, putOnSale }) => {
  const ring = await putOnSale({ stock: 2 });
  await storefront.addToCart(page, ring);
  const more = storefront.cartDrawer(page).getByRole("button", { name: `One more ${ring.title}` });
  await more.click();
  await expect(more).toBeDisabled();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "See your cart" }).click();
  await expect(storefront.cartDrawer(page)).toBeVisible();
});

test("a piece that was sold meanwhile is named in the cart, and the checkout waits until it is removed", async ({
  page,
  api,
  putOnSale,
}) => {
  const [sold, left] = [await putOnSale({ stock: 1 }), await putOnSale()];
  await storefront.addToCart(page, sold);
  await storefront.addToCart(page, left);
  await api.buy(sold, 1);
  await page.goto("/cart");
  const main = page.getByRole("main");
  await expect(main.getByText("This piece has been sold. Remove it to go on.")).toBeVisible();
  await expect(main.getByRole("link", { name: "Go to checkout" })).toHaveAttribute("aria-disabled", "true");
  await main.getByRole("button", { name: `Remove ${sold.title}` }).click();
  await main.getByRole("link", { name: "Go to checkout" }).click();
  await expect(page.getByRole("heading", { name: "Checkout" })).toBeVisible();
});

test("a cart that was ordered in another tab is not ordered twice", async ({ page, context, putOnSale }) => {
  const ring = await putOnSale();
  await storefront.addToCart(page, ring);
  await storefront.goToCheckout(page);
  const other = await context.newPage();
  await other.goto("/cart");
  await other.getByRole("main").getByRole("link", { name: "Go to checkout" }).click();
  await other.getByRole("textbox", { name: "E-mail" }).fill("ada@example.com");
  await storefront.fillAddress(other);
  await storefront.placeOrder(other);
  await storefront.expectGateway(other);
  await page.reload();
  await expect(page.getByRole("heading", { name: "There is nothing to order yet" })).toBeVisible();
});
