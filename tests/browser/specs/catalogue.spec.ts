/** Finding a piece: filters that live in the address, chips to take them off, search, and the way back. */
import type { Page } from "@playwright/test";
import { settled } from "../support/settled";
import { expect, test } from "../support/test";

const chips = (page: Page) => page.getByRole("list", { name: "Filters in force" });
const pieces = (page: Page) => page.getByRole("region", { name: "Pieces" }).getByRole("article");

/** Does something to the filters, which on narrow screens are in a drawer. */
async function withFilters(page: Page, act: () => Promise<void>) {
  await settled(page);
  const opens = page.getByRole("button", { name: /^Filter/ });
  const drawer = await opens.isVisible();
  if (drawer) await opens.click();
  await act();
  if (drawer) await page.getByRole("button", { name: "Show the pieces" }).click();
}

async function filter(page: Page, name: string) {
  await withFilters(page, () => page.getByRole("checkbox", { name, exact: true }).click());
  await expect(chips(page).getByRole("button", { name, exact: false })).toBeVisible();
}

test("filters stand in the address and as chips, and a copied address shows the same", async ({
  page,
  anotherBrowser,
}) => {
  await page.goto("/products");
  await filter(page, "Sterling silver");
  await filter(page, "Onyx");
  await expect(page).toHaveURL("/products?material=silver&material=onyx");
  await page.getByRole("combobox", { name: "Order" }).selectOption("price");
  await expect(page).toHaveURL("/products?material=silver&material=onyx&sort=price");
  await expect(pieces(page).first()).toContainText("Pebble silver studs");
  const count = await pieces(page).count();

  const other = await (await anotherBrowser()).newPage();
  await other.goto(page.url());
  await expect(pieces(other)).toHaveCount(count);
  await expect(chips(other).getByRole("button", { name: /Sterling silver|Onyx/ })).toHaveCount(2);

  await chips(page).getByRole("button", { name: "Remove filter Sterling silver" }).click();
  await expect(page).toHaveURL("/products?material=onyx&sort=price");
  await expect(pieces(page)).toHaveCount(2);
  await chips(page).getByRole("button", { name: "Remove filter Onyx" }).click();
  await expect(chips(page)).toBeHidden();
});

test("Back and forward keep the filters, and the way back from a piece leads to where one was", async ({
  page,
}) => {
  await page.goto("/products");
  await filter(page, "Onyx");
  await expect(pieces(page)).toHaveCount(2);
  await page.getByRole("link", { name: "Nocturne onyx cufflinks" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Nocturne onyx cufflinks" })).toBeVisible();

  await page.goBack();
  await expect(page).toHaveURL("/products?material=onyx");
  await expect(chips(page).getByRole("button", { name: "Onyx" })).toBeVisible();
  await expect(pieces(page)).toHaveCount(2);
  await expect(page.getByRole("link", { name: "Nocturne onyx cufflinks" })).toBeFocused();
  await page.goBack();
  await expect(page).toHaveURL("/products");
  await expect(chips(page)).toBeHidden();
  await page.goForward();
  await expect(page).toHaveURL("/products?material=onyx");
  await expect(pieces(page)).toHaveCount(2);
});

test("search finds by words in any case, and says when there is nothing", async ({ page }) => {
  await page.goto("/products");
  const search = page.getByRole("searchbox", { name: "Search the pieces" });
  await search.fill("STUDS étincelle");
  await expect(pieces(page)).toHaveCount(1);
  await expect(pieces(page)).toContainText("Étincelle diamond studs");
  await search.fill("no such piece");
  await expect(page.getByRole("heading", { name: "No piece is like that" })).toBeVisible();
  await page.getByRole("button", { name: "Clear all filters" }).click();
  await expect(page).toHaveURL("/products");
  await expect(search).toHaveValue("");
  await expect(pieces(page)).toHaveCount(24);
});

test("whoever follows a link right after typing goes there, whatever the search still does", async ({
  page,
}) => {
  await page.goto("/products");
  const search = page.getByRole("searchbox", { name: "Search the pieces" });
  const piece = page.getByRole("link", { name: "Aurore solitaire ring" });
  await expect(piece).toBeVisible();
  await page.route(/\/assets\/ProductPage-/, async (route) => {
    // The piece's page is not loaded before the search would have gone off.
    await expect(search).toBeVisible();
    await page.evaluate(() => new Promise((passed) => setTimeout(passed, 400)));
    await route.continue();
  });
  await search.fill("ring");
  await piece.click();
  await expect(page.getByRole("heading", { level: 1, name: "Aurore solitaire ring" })).toBeVisible();
});

test("the list goes on to its end", async ({ page }) => {
  await page.goto("/products?category=rings&sort=title");
  const more = page.getByRole("button", { name: "Show more" });
  await expect(pieces(page)).toHaveCount(24);
  await more.click();
  await expect(page.getByText(/^That is all: /)).toBeVisible();
  const titles = await pieces(page).getByRole("heading").allInnerTexts();
  expect(new Set(titles).size).toBe(titles.length);
});

test("prices are filtered as they are typed, in the shop's currency", async ({ page }) => {
  await page.goto("/products");
  await withFilters(page, async () => {
    await page.getByRole("textbox", { name: "From (€)" }).fill("7,000");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL("/products?price_min=700000");
  });
  await expect(chips(page).getByRole("button", { name: "From €7,000.00" })).toBeVisible();
  await expect(pieces(page)).toHaveCount(3);
});

test("a size that is sold out can be seen but not bought", async ({ page }) => {
  await page.goto("/products/aurore-solitaire-ring");
  const soldOut = page.getByRole("radio", { name: /, sold out$/ });
  await soldOut.first().check();
  await expect(page.getByRole("button", { name: "Sold out" })).toBeDisabled();
});

test("a picture can be looked at closely", async ({ page }) => {
  await page.goto("/products/aurore-solitaire-ring");
  await page.getByRole("button", { name: "Enlarge picture 1 of 2" }).click();
  const picture = page.getByRole("dialog", { name: "Aurore solitaire ring" }).getByRole("img");
  await expect(picture).toBeVisible();
  await expect
    .poll(() => picture.evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth))
    .toBeGreaterThan(300);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
});

test("what is not there says so, and leads on", async ({ page, watch }) => {
  watch.expectAnswers(404);
  await page.goto("/no/such/page");
  await expect(page.getByRole("heading", { name: "This page is not here" })).toBeVisible();
  await page.goto("/products/no-such-piece");
  await expect(page.getByRole("heading", { name: "This piece is not here" })).toBeVisible();
  await page.goto("/orders/0190a6e0-0000-7000-8000-000000000000?token=guessed");
  await expect(page.getByRole("heading", { name: "This order is not here" })).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: "See all pieces" }).click();
  await expect(pieces(page).first()).toBeVisible();
});
