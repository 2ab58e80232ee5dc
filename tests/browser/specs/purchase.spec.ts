/**
 * The reason for it all, as one walk: a seller opens a shop and puts a ring on sale, a customer finds and buys it, and both
 * know about it. Everything happens in the browser, but for the code, which is read from the mailbox.
 */
import { freshEmail, somewhere, unique } from "../support/api";
import { mailsTo } from "../support/mailbox";
import { createProduct, openShopInApp } from "../support/seller-app";
import * as storefront from "../support/storefront";
import { expect, test } from "../support/test";

test("a seller opens a shop, a customer buys a ring there, and each of them knows", async ({
  page,
  api,
  anotherBrowser,
}) => {
  const seller = { email: freshEmail(), name: "Signe Halvorsen", shop: unique("Atelier") };
  const customer = { email: freshEmail(), name: "Ada Lovelace" };
  const ring = { title: unique("Signet ring"), price: "1249.50", stock: "3" };
  const bench = await (await anotherBrowser()).newPage();

  await test.step("the seller opens a shop and puts a ring on sale", async () => {
    await openShopInApp(bench, seller);
    await storefront.enterCode(bench, seller.email);
    await expect(bench.getByRole("heading", { name: seller.shop })).toBeVisible();
    await createProduct(bench, ring);
  });

  await test.step("the customer finds it and puts it into the cart", async () => {
    await page.goto("/products");
    await page.getByRole("searchbox", { name: "Search the pieces" }).fill(ring.title);
    await page.getByRole("link", { name: ring.title }).click();
    await expect(page.getByRole("heading", { level: 1, name: ring.title })).toBeVisible();
    await expect(page.getByText("€1,249.50").first()).toBeVisible();
    await storefront.addThisToCart(page, ring.title);
  });

  await test.step("the customer makes an account on the way, and verifies it", async () => {
    await storefront.goToCheckout(page);
    await page.getByRole("link", { name: "Sign in instead" }).click();
    await page.getByRole("link", { name: "Make an account" }).click();
    await storefront.register(page, customer);
    await storefront.enterCode(page, customer.email);
    await expect(page).toHaveURL("/checkout");
    await expect(page.getByText(`Signed in as ${customer.email}`)).toBeVisible();
  });

  await test.step("the customer orders, pays, and sees the order become paid", async () => {
    await storefront.fillAddress(page);
    await storefront.placeOrder(page);
    await storefront.expectGateway(page);
    await expect(page.getByText("1249.50 EUR")).toBeVisible();
    await storefront.choose(page, "Pay");
    await storefront.expectPaid(page);
    await expect(storefront.cartButton(page)).toHaveAccessibleName("Cart, 0 pieces");
  });

  const number = await storefront.orderNumber(page);

  await test.step("the seller sees what to send, and where to", async () => {
    await bench.getByRole("link", { name: "Orders" }).first().click();
    await bench.getByRole("link", { name: number }).click();
    await expect(bench.getByRole("heading", { name: `Order ${number}` })).toBeVisible();
    await expect(bench.getByRole("main").getByText("Paid", { exact: true }).first()).toBeVisible();
    await expect(bench.getByRole("region", { name: "Your pieces" })).toContainText(ring.title);
    const address = bench.getByRole("region", { name: "Ship to" });
    for (const line of [somewhere.name, somewhere.line1, "44000 Nantes", "France", customer.email])
      await expect(address).toContainText(line);
  });

  await test.step("the customer is written to exactly once, also after another look at the page", async () => {
    await page.reload();
    await storefront.expectPaid(page);
    const confirmations = async () =>
      (await mailsTo(api.url, customer.email)).filter(({ subject }) => subject.includes(number));
    await expect.poll(confirmations).toHaveLength(1);
    expect((await confirmations())[0]?.text).toContain(ring.title);
    await expect
      .poll(async () =>
        (await mailsTo(api.url, seller.email)).filter(({ subject }) => subject.includes(number)),
      )
      .toHaveLength(1);
  });
});
