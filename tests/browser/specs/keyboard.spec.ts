/** A guest buys a piece without ever touching the mouse. */
import type { Locator, Page } from "@playwright/test";
import { freshEmail } from "../support/api";
import * as storefront from "../support/storefront";
import { expect, test } from "../support/test";

test("a purchase needs nothing but the keyboard", async ({ page, putOnSale }) => {
  const ring = await putOnSale();
  const { keyboard } = page;
  await page.goto("/");

  await tabTo(page, page.getByRole("link", { name: "Skip to the content" }));
  await tabTo(page, page.getByRole("banner").getByRole("link", { name: "Search" }));
  await keyboard.press("Enter");
  const search = page.getByRole("searchbox", { name: "Search the pieces" });
  await expect(search).toBeFocused();
  await keyboard.type(ring.title);
  await expect(page.getByRole("article")).toHaveCount(1);
  await tabTo(page, page.getByRole("link", { name: ring.title }));
  await keyboard.press("Enter");

  await expect(page.getByRole("heading", { level: 1, name: ring.title })).toBeVisible();
  await expect(page.getByRole("main")).toBeFocused();
  await tabTo(page, page.getByRole("button", { name: "Add to cart" }));
  await keyboard.press("Enter");
  const drawer = storefront.cartDrawer(page);
  await expect(drawer.getByRole("button", { name: `Remove ${ring.title}` })).toBeEnabled();
  await keyboard.press("Escape");
  await expect(drawer).toBeHidden();
  await expect(page.getByRole("button", { name: "Add to cart" })).toBeFocused();
  await keyboard.press("Enter");
  await tabTo(page, drawer.getByRole("link", { name: "Go to checkout" }));
  await keyboard.press("Enter");

  await expect(page.getByRole("heading", { name: "Checkout" })).toBeVisible();
  await type(page, "E-mail", freshEmail());
  await type(page, "Full name", "Ada Lovelace");
  await type(page, "Street and number", "12 rue des Tanneurs");
  await type(page, "Postal code", "44000");
  await type(page, "City", "Nantes");
  await tabTo(page, page.getByRole("combobox", { name: "Country" }));
  await keyboard.type("France");
  await expect(page.getByRole("combobox", { name: "Country" })).toHaveValue("FR");
  await tabTo(page, page.getByRole("button", { name: /^Order and pay/ }));
  await keyboard.press("Enter");

  await storefront.expectGateway(page);
  await tabTo(page, page.getByRole("button", { name: "Pay", exact: true }));
  await keyboard.press("Enter");
  await storefront.expectPaid(page);
});

/** Presses Tab until the element has the focus, and checks that the focus can be seen. */
async function tabTo(page: Page, element: Locator) {
  const focused = () => element.evaluate((each) => each === document.activeElement);
  await expect(element).toBeAttached();
  for (let presses = 0; !(await focused()); presses++) {
    expect(presses, `Tab leads to ${element}`).toBeLessThan(100);
    await page.keyboard.press("Tab");
  }
  const outline = await element.evaluate((each) => getComputedStyle(each).outlineStyle);
  expect(outline, `the focus on ${element} can be seen`).not.toBe("none");
}

async function type(page: Page, field: string, text: string) {
  await tabTo(page, page.getByRole("textbox", { name: field }));
  await page.keyboard.type(text);
}
