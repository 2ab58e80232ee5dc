/** Giving money back, the seller's statement, and payouts: told by the apps to those whom it concerns. */
import type { Page } from "@playwright/test";
import { demoAdmin } from "../support/api";
import { expectAccessible } from "../support/axe";
import { signInAsSeller } from "../support/seller-app";
import * as storefront from "../support/storefront";
import { expect, test } from "../support/test";

const refunds = (page: Page) => page.getByRole("region", { name: "Refunds" });

test("a seller gives pieces back, then an amount, and their statement and payout follow", async ({
  page,
  api,
  anotherBrowser,
}) => {
  const seller = await api.seller("Atelier Retour");
  const piece = await api.putOnSale(seller, { amount: 5_000 });
  await storefront.addToCart(page, piece);
  await storefront.orderAsGuest(page);
  await storefront.choose(page, "Pay");
  await storefront.expectPaid(page);
  const number = await storefront.orderNumber(page);

  const desk = await (await anotherBrowser()).newPage();
  await signInAsSeller(desk, seller.email);
  await desk.goto("/seller/orders");
  await desk.getByRole("link", { name: number }).first().click();
  await expect(desk.getByRole("heading", { name: `Order ${number}` })).toBeVisible();
  await expect(refunds(desk)).toContainText("Nothing has been given back.");
  await refunds(desk).getByRole("button", { name: "Give money back" }).click();
  const dialog = desk.getByRole("dialog", { name: "Give money back" });
  await expect(dialog.getByRole("button", { name: "Give back €50.00" })).toBeEnabled();
  await dialog.getByRole("radio", { name: "An amount" }).check();
  await dialog.getByRole("textbox", { name: "Amount in EUR" }).fill("50.01");
  await expect(dialog.getByText("No more than €50.00 is left.")).toBeVisible();
  await dialog.getByRole("textbox", { name: "Amount in EUR" }).fill("12.50");
  await dialog.getByRole("textbox", { name: /^Reason/ }).fill("A scratch");
  await expectAccessible(desk, "the refund dialog");
  await desk.screenshot({ path: test.info().outputPath("refund-dialog.png") });
  await dialog.getByRole("button", { name: "Give back €12.50" }).click();
  await expect(refunds(desk)).toContainText("€12.50");
  await expect(refunds(desk)).toContainText("card €12.50");
  await expect(desk.getByText("Partly refunded")).toBeVisible();
  await expectAccessible(desk, "an order with refunds");
  await desk.screenshot({ path: test.info().outputPath("order.png"), fullPage: true });

  await page.reload();
  await expect(storefront.orderStatus(page)).toHaveText("Partly refunded");
  await expect(page.getByRole("region", { name: "So far" })).toContainText("Refunded €12.50");

  await desk.goto("/seller/statement");
  await expect(desk.getByRole("heading", { name: "Statement" })).toBeVisible();
  await expect(desk.getByRole("region", { name: "What you are owed" })).toContainText("€37.50");
  await expect(desk.getByRole("row", { name: /Refund/ })).toContainText("-€12.50");
  await expectAccessible(desk, "the statement");
  await desk.screenshot({ path: test.info().outputPath("statement.png"), fullPage: true });
  const file = desk.waitForEvent("download");
  await desk.getByRole("button", { name: "CSV" }).click();
  expect((await file).suggestedFilename()).toMatch(/^statement-.*\.csv$/);

  const office = await (await anotherBrowser()).newPage();
  await signInAsSeller(office, demoAdmin);
  await office.goto("/seller/payouts");
  await expect(office.getByRole("heading", { name: "Payouts", exact: true })).toBeVisible();
  await office.getByRole("button", { name: "Pay out Atelier Retour in EUR" }).click();
  const payout = office.getByRole("dialog", { name: "Payout to Atelier Retour" });
  await expect(payout.getByRole("textbox", { name: "Amount in EUR" })).toHaveValue("37.50");
  await payout.getByRole("button", { name: "Note the payout" }).click();
  await expect(office.getByRole("region", { name: "Sent", exact: true })).toContainText("€37.50");
  await expectAccessible(office, "payouts");

  await desk.reload();
  await expect(desk.getByRole("region", { name: "What you are owed" })).toContainText("€0.00");
  await expect(desk.getByRole("row", { name: /Payout/ })).toContainText("-€37.50");
});

test("an admin finds anybody's order and gives back pieces of any seller, and delivery", async ({
  page,
  api,
  anotherBrowser,
}) => {
  const [one, other] = [await api.seller("Atelier Eins"), await api.seller("Atelier Zwei")];
  await storefront.addToCart(page, await api.putOnSale(one, { amount: 4_000 }));
  await storefront.addToCart(page, await api.putOnSale(other, { amount: 3_000 }));
  await storefront.orderAsGuest(page);
  await storefront.choose(page, "Pay");
  await storefront.expectPaid(page);
  const number = await storefront.orderNumber(page);

  const office = await (await anotherBrowser()).newPage();
  await signInAsSeller(office, demoAdmin);
  await office.goto("/seller/all-orders");
  await expect(office.getByRole("heading", { name: "All orders", exact: true })).toBeVisible();
  await office.getByRole("searchbox").fill(number);
  await expect(office.getByText("1 order: that is all")).toBeVisible();
  await expectAccessible(office, "all orders");
  await office.getByRole("link", { name: number }).click();
  await expect(office.getByRole("heading", { name: `Order ${number}` })).toBeVisible();
  await expect(office.getByText("Atelier Zwei")).toBeVisible();

  await refunds(office).getByRole("button", { name: "Give money back" }).click();
  const dialog = office.getByRole("dialog", { name: "Give money back" });
  await dialog.getByRole("radio", { name: "Some of the pieces" }).check();
  await dialog.getByRole("combobox", { name: /Atelier Zwei/ }).selectOption("1");
  await expectAccessible(office, "the admin's refund dialog");
  await dialog.getByRole("button", { name: "Give back €30.00" }).click();
  await expect(refunds(office)).toContainText("€30.00");
  await expect(office.getByText("Partly refunded")).toBeVisible();

  await refunds(office).getByRole("button", { name: "Give money back" }).click();
  await dialog.getByRole("button", { name: /^Give back €/ }).click();
  await expect(office.getByText("Refunded", { exact: true }).first()).toBeVisible();
  await expect(refunds(office).getByRole("button", { name: "Give money back" })).toHaveCount(0);
  await expectAccessible(office, "an order of anybody's");
});
