/** Paying into one's balance; and what an admin decides about a payment that is held. */
import type { Page } from "@playwright/test";
import { openAccount } from "../support/account";
import { Api, demoAdmin, password } from "../support/api";
import { expectAccessible } from "../support/axe";
import { openShop } from "../support/shop";
import * as storefront from "../support/storefront";
import { expect, test } from "../support/test";

const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name });

/** From the balance to the page where it is paid. */
async function topUp(page: Page, amount: string) {
  await page.getByRole("link", { name: "Add to your balance" }).click();
  await expect(heading(page, "Add to your balance")).toBeVisible();
  await page.getByRole("button", { name: amount, exact: true }).click();
  await page.getByRole("button", { name: `Pay ${amount}.00 by card` }).click();
}

async function choose(page: Page, choice: string) {
  await expect(page).toHaveURL(/\/sandbox\/pay\//);
  await page.getByRole("button", { name: choice, exact: true }).click();
  await expect(page).toHaveURL(/\/account\/payments\//);
}

test("a customer pays into their balance, and the same again is asked about", async ({
  page,
  api,
  watch,
}) => {
  watch.expectAnswers(409, 422);
  await openAccount(page, api, "/account/balance");
  await page.getByRole("link", { name: "Add to your balance" }).click();
  await page.getByRole("button", { name: "Pay by card" }).click();
  await expect(page.getByText("Enter how much you want to add.")).toBeVisible();
  await page.getByRole("textbox", { name: "Another amount, in EUR" }).fill("0,50");
  await page.getByRole("button", { name: "Pay €0.50 by card" }).click();
  await expect(page.getByText("must be from 1.00 EUR to 10000.00 EUR")).toBeVisible();
  await expectAccessible(page, "a top-up");
  await page.goto("/account/balance");
  await topUp(page, "€50");
  await expect(page.getByText("Store balance")).toBeVisible();
  await choose(page, "Pay");
  await expect(page.getByText("€50.00 is in your balance")).toBeVisible({ timeout: 20_000 });
  await expectAccessible(page, "a payment");

  await page.getByRole("link", { name: "See your balance" }).click();
  await expect(page.getByRole("region", { name: "Your balance" })).toContainText("€50.00");
  await expect(page.getByRole("list", { name: "Movements" })).toContainText("You paid into your balance");

  await topUp(page, "€50");
  const question = page.getByRole("dialog", { name: "Add the same amount again?" });
  await question.getByRole("button", { name: "Leave it" }).click();
  await expect(question).toBeHidden();
  await page.getByRole("button", { name: "Pay €50.00 by card" }).click();
  await question.getByRole("button", { name: "Add it again" }).click();
  await choose(page, "Cancel and go back");
  await expect(page.getByText("This payment was given up")).toBeVisible({ timeout: 20_000 });
  await page.getByRole("link", { name: "Try again" }).click();
  await expect(heading(page, "Add to your balance")).toBeVisible();
});

test("a card that is declined charges nothing, and who goes back can pay later", async ({ page, api }) => {
  await openAccount(page, api, "/account/balance");
  await topUp(page, "€25");
  await expect(page).toHaveURL(/\/sandbox\/pay\//);
  await page.goBack();
  await expect(page.getByText("It waits for your payment")).toBeVisible();
  await page.getByRole("link", { name: "Pay now" }).click();
  await choose(page, "Have the card declined");
  await expect(page.getByText("The payment did not go through")).toBeVisible({ timeout: 20_000 });
});

test("an order that waits is paid from the balance, once that has enough", async ({
  page,
  api,
  putOnSale,
}) => {
  const piece = await putOnSale({ amount: 4_900 });
  await openAccount(page, api, "/account/balance");
  await expect(heading(page, "Balance")).toBeVisible();
  await storefront.addToCart(page, piece);
  await storefront.goToCheckout(page);
  await storefront.fillAddress(page);
  await storefront.placeOrder(page);
  await storefront.expectGateway(page);
  await page.goto("/account/orders");
  await page.getByRole("link", { name: /^Order / }).click();
  await expect(page.getByText("Your order waits for its payment")).toBeVisible();
  const order = page.url();
  const fromBalance = page.getByRole("button", { name: "Pay €49.00 from your balance" });
  await expect(page.getByRole("link", { name: "Pay now" })).toBeVisible();
  await expect(fromBalance).toHaveCount(0);

  const payment = await page.evaluate(async (of) => {
    const answer = await fetch(`/api/v1${new URL(of).pathname}`);
    return (await answer.json()).payment.id as string;
  }, order);
  await page.goto(`/account/payments/${payment}`);
  await expect(page.getByText("Your order waits for this payment")).toBeVisible();
  await expect(page.getByText("For an order ·")).toBeVisible();
  await expectAccessible(page, "the payment of an order that waits");

  await page.goto("/account/balance");
  await topUp(page, "€50");
  await choose(page, "Pay");
  await expect(page.getByText("€50.00 is in your balance")).toBeVisible({ timeout: 20_000 });
  await page.goto(order);
  await expect(fromBalance).toBeVisible();
  await expectAccessible(page, "an order that waits");
  await fromBalance.click();
  await storefront.expectPaid(page);
  await expect(page.getByRole("region", { name: "Pieces" })).toContainText("Your balance€49.00");
  await page.goto(`/account/payments/${payment}`);
  await expect(page.getByText("Your balance paid €49.00")).toBeVisible();
  await expectAccessible(page, "a payment from the balance");
  await page.getByRole("link", { name: "See the order" }).click();
  await storefront.expectPaid(page);
  await page.goto("/account/balance");
  await expect(page.getByRole("region", { name: "Your balance" })).toContainText("€1.00");
});

test("an order whose payment is looked at is told so, and its customer can give it up", async ({
  page,
  watch,
}) => {
  const shop = await openShop({ CARAT__PAYMENTS__RISK__LARGE__HOLD: "1" });
  watch.mayVisit(shop.url);
  try {
    const api = new Api(shop.url);
    const piece = await api.putOnSale(await api.seller());
    await page.goto(`${shop.url}/products/${piece.slug}`);
    await storefront.addThisToCart(page, piece.title);
    await storefront.orderAsGuest(page);
    await storefront.choose(page, "Pay");
    await expect(page.getByText("We are looking at your payment").first()).toBeVisible({ timeout: 20_000 });
    await expect(storefront.orderStatus(page)).toHaveText("We are looking at it");
    await expect(page.getByRole("link", { name: "Pay now" })).toHaveCount(0);
    await expectAccessible(page, "an order whose payment is looked at");
    await page.getByRole("button", { name: "Cancel the order" }).click();
    await expect(page.getByText("This order is cancelled")).toBeVisible();
    await expect(page.getByText("Nothing was charged")).toBeVisible();
  } finally {
    await shop.close();
  }
});

test("a large payment is held until an admin has decided", async ({ page, watch }) => {
  const shop = await openShop({ CARAT__PAYMENTS__RISK__LARGE__HOLD: "100" });
  watch.mayVisit(shop.url);
  try {
    const api = new Api(shop.url);
    const customer = await api.customer();
    await page.goto(`${shop.url}/login?redirect=/account/balance`);
    await page.getByRole("textbox", { name: "E-mail" }).fill(customer.email);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(heading(page, "Balance")).toBeVisible();
    for (const amount of ["€100", "€250"]) {
      await page.goto(`${shop.url}/account/balance`);
      await topUp(page, amount);
      await choose(page, "Pay");
      await expect(page.getByText("We are looking at your payment")).toBeVisible({ timeout: 20_000 });
    }
    await expectAccessible(page, "a payment that is held");
    const held = page.url();

    await page.goto(`${shop.url}/account`);
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page.getByText("You are signed out.")).toBeVisible();
    await page.goto(`${shop.url}/seller/login`);
    await page.getByRole("textbox", { name: "E-mail" }).fill(demoAdmin);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(heading(page, "Administration")).toBeVisible();
    await page.getByRole("link", { name: "Payments", exact: true }).click();
    await expect(heading(page, "Payments")).toBeVisible();
    await page.getByRole("link", { name: "Held", exact: true }).click();
    await expect(page.getByText("Why it is looked at: A large amount.")).toHaveCount(2);
    await expectAccessible(page, "held payments");
    await page.getByRole("button", { name: "Approve €250.00" }).click();
    await expect(page.getByText("€250.00 is taken.")).toBeVisible();
    await expect(page.getByText("Why it is looked at: A large amount.")).toHaveCount(1);
    await page.getByRole("button", { name: "Reject", exact: true }).click();
    await page.getByRole("button", { name: "Reject the payment" }).click();
    await expect(page.getByText("Nothing is held")).toBeVisible();
    await page.getByRole("link", { name: "All", exact: true }).click();
    await expect(page.getByText(/^Approved on /)).toBeVisible();
    await expect(page.getByText(/^Rejected on /)).toBeVisible();
    await page.goto(`${shop.url}/seller/security-log`);
    await expect(page.getByText("approved a held payment of").first()).toBeVisible();
    expect(held).toContain("/account/payments/");
    const { token } = await api.logIn(customer.email);
    const { data } = await api.send<{ data: unknown[] }>("GET", "/users/me/balance", undefined, token);
    expect(data).toEqual([{ amount: 25_000, currency: "EUR" }]);
  } finally {
    await shop.close();
  }
});
