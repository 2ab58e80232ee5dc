/** Guests at the payment page: they pay, their card is declined, they give up, or somebody else was faster. */
import { freshEmail } from "../support/api";
import { mailsTo } from "../support/mailbox";
import * as storefront from "../support/storefront";
import { expect, test } from "../support/test";

test("a guest buys without an account, and the page to which the payment returns survives a reload", async ({
  page,
  api,
  putOnSale,
}) => {
  const email = freshEmail();
  await storefront.addToCart(page, await putOnSale());
  await storefront.orderAsGuest(page, email);
  await storefront.choose(page, "Pay");
  await page.reload();
  await storefront.expectPaid(page);
  const number = await storefront.orderNumber(page);
  await page.reload();
  await storefront.expectPaid(page);
  await expect
    .poll(async () => (await mailsTo(api.url, email)).filter(({ subject }) => subject.includes(number)))
    .toHaveLength(1);
});

test("what was typed into the checkout is still there after a reload", async ({ page, putOnSale }) => {
  await storefront.addToCart(page, await putOnSale());
  await storefront.goToCheckout(page);
  await storefront.fillAddress(page);
  await page.reload();
  await expect(page.getByRole("textbox", { name: "Street and number" })).toHaveValue("12 rue des Tanneurs");
  await expect(page.getByRole("combobox", { name: "Country" })).toHaveValue("FR");
});

test("an incomplete checkout says at each field what is missing, and places nothing", async ({
  page,
  putOnSale,
}) => {
  await storefront.addToCart(page, await putOnSale());
  await storefront.goToCheckout(page);
  await storefront.placeOrder(page);
  const email = page.getByRole("textbox", { name: "E-mail" });
  await expect(email).toBeFocused();
  await expect(email).toHaveAccessibleDescription("Enter your e-mail address.");
  await expect(page.getByRole("textbox", { name: "City" })).toHaveAccessibleDescription("Enter the city.");
  await expect(page).toHaveURL("/checkout");
});

test("a declined card cancels the order, charges nothing, and the same can be ordered again", async ({
  page,
  putOnSale,
}) => {
  const ring = await putOnSale({ stock: 1 });
  await storefront.addToCart(page, ring);
  await storefront.orderAsGuest(page);
  await storefront.choose(page, "Have the card declined");
  const notice = page.getByRole("alert").filter({ hasText: "The payment did not go through" });
  await expect(notice).toContainText("Nothing was charged", { timeout: 20_000 });
  await expect(storefront.orderStatus(page)).toHaveText("Cancelled");

  await page.getByRole("button", { name: "Order again" }).click();
  await expect(page).toHaveURL("/cart");
  await expect(page.getByRole("main").getByRole("link", { name: ring.title })).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: "Go to checkout" }).click();
  await page.getByRole("textbox", { name: "E-mail" }).fill(freshEmail());
  await storefront.fillAddress(page);
  await storefront.placeOrder(page);
  await storefront.expectGateway(page);
  await storefront.choose(page, "Pay");
  await storefront.expectPaid(page);
});

test("whoever gives up at the payment page is led back to the order, and its piece is on sale again", async ({
  page,
  putOnSale,
}) => {
  const ring = await putOnSale({ stock: 1 });
  await storefront.addToCart(page, ring);
  await storefront.orderAsGuest(page);
  await storefront.choose(page, "Cancel and go back");
  await expect(page.getByText("This order is cancelled")).toBeVisible({ timeout: 20_000 });
  await page.goto(`/products/${ring.slug}`);
  await expect(page.getByText("Only one left")).toBeVisible();
});

test("an order that waits for its payment can be paid later, or cancelled", async ({ page, putOnSale }) => {
  const ring = await putOnSale({ stock: 1 });
  await storefront.addToCart(page, ring);
  await storefront.orderAsGuest(page);
  await page.goBack();
  await expect(page.getByText("Your order waits for its payment")).toBeVisible();
  await page.getByRole("link", { name: "Pay now" }).click();
  await storefront.expectGateway(page);
  await page.goBack();
  await page.getByRole("button", { name: "Cancel the order" }).click();
  await expect(page.getByText("This order is cancelled")).toBeVisible();
  await page.goto(`/products/${ring.slug}`);
  await expect(page.getByText("Only one left")).toBeVisible();
});

test("when the last piece has been sold meanwhile, the checkout says so and orders nothing", async ({
  page,
  api,
  putOnSale,
  watch,
}) => {
  watch.expectAnswers(409);
  const ring = await putOnSale({ stock: 1 });
  await storefront.addToCart(page, ring);
  await storefront.goToCheckout(page);
  await page.getByRole("textbox", { name: "E-mail" }).fill(freshEmail());
  await storefront.fillAddress(page);
  await api.buy(ring, 1);
  await storefront.placeOrder(page);

  const notice = page.getByRole("alert").filter({ hasText: "Somebody was faster" });
  await expect(notice).toContainText(`${ring.title}: sold out`);
  await notice.getByRole("link", { name: "Change your cart" }).click();
  await expect(page.getByText("This piece has been sold. Remove it to go on.")).toBeVisible();
});

test("when a price has changed meanwhile, the checkout shows the new total before anything is ordered", async ({
  page,
  api,
  seller,
  putOnSale,
  watch,
}) => {
  watch.expectAnswers(409);
  const ring = await putOnSale({ amount: 10_000 });
  await storefront.addToCart(page, ring);
  await storefront.goToCheckout(page);
  await page.getByRole("textbox", { name: "E-mail" }).fill(freshEmail());
  await storefront.fillAddress(page);
  const price = { amount: 11_000, currency: "EUR" };
  await api.send("PATCH", `/seller/products/${ring.id}`, { price }, seller.token);
  await storefront.placeOrder(page);

  await expect(page.getByRole("alert").filter({ hasText: "A price has changed meanwhile" })).toContainText(
    "€110.00",
  );
  await page.getByRole("button", { name: "Order and pay €110.00" }).click();
  await storefront.expectGateway(page);
  await expect(page.getByText("110.00 EUR")).toBeVisible();
});
