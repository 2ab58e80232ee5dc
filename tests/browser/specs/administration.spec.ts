/** What administrators do in the seller app: finding people, changing accounts, registering many, and reading what happened. */
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { demoAdmin, freshEmail, password, unique } from "../support/api";
import { signInAsSeller } from "../support/seller-app";
import { expect, test } from "../support/test";

const main = (page: Page) => page.getByRole("main");

async function openUser(page: Page, email: string) {
  await page.goto(`/seller/users?q=${encodeURIComponent(email)}`);
  await main(page).getByRole("row").getByRole("link").first().click();
  await expect(page).toHaveURL(/\/seller\/users\/[0-9a-f-]{36}$/);
}

test("an administrator's first page is about accounts, and a seller's pages are not theirs", async ({
  page,
}) => {
  await signInAsSeller(page, demoAdmin);
  await expect(page.getByRole("heading", { level: 1, name: "Administration" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Newest users" }).getByRole("row").nth(1)).toBeVisible();
  await page.goto("/seller/products");
  await expect(page.getByRole("heading", { name: "You may not open this page" })).toBeVisible();
});

test("a seller has no way to the administration, and is told so at its addresses", async ({
  page,
  seller,
}) => {
  await signInAsSeller(page, seller.email);
  await expect(page.getByRole("link", { name: "Users" })).toHaveCount(0);
  for (const place of ["users", "users/register", "security-log"]) {
    await page.goto(`/seller/${place}`);
    await expect(page.getByRole("heading", { name: "You may not open this page" })).toBeVisible();
  }
});

test("users are found, filtered, and paged in the address", async ({ page, api }) => {
  const tag = unique("Paged").replace(" ", "-");
  for (let at = 0; at < 26; at++) await api.person({ name: `${tag} ${at}` });
  await signInAsSeller(page, demoAdmin);
  await page.goto("/seller/users");
  await page.getByRole("searchbox", { name: "Search name, e-mail or shop" }).fill(tag);
  await expect(page).toHaveURL(`/seller/users?q=${tag}`);
  await expect(main(page).getByRole("row").getByRole("link")).toHaveCount(25);
  await page.getByRole("link", { name: "Next page" }).click();
  await expect(page).toHaveURL(/cursor=/);
  await expect(main(page).getByRole("row").getByRole("link")).toHaveCount(1);
  await expect(page.getByText("Page 2, 1 user")).toBeVisible();
  await page.getByRole("link", { name: "Back", exact: true }).click();
  await expect(page).toHaveURL(`/seller/users?q=${tag}`);
  await page.getByRole("combobox", { name: "Role" }).selectOption("Seller");
  await expect(page.getByRole("heading", { name: "Nobody matches" })).toBeVisible();
  await page.getByRole("link", { name: "Show all users" }).click();
  await page.getByRole("navigation", { name: "Status" }).getByRole("link", { name: "Disabled" }).click();
  await expect(page).toHaveURL("/seller/users?status=disabled");
});

test("another role is confirmed, and asks a new seller's shop", async ({ page, api }) => {
  const customer = await api.customer();
  await signInAsSeller(page, demoAdmin);
  await openUser(page, customer.email);
  await page.getByRole("radio", { name: /^Seller/ }).check();
  await page.getByRole("button", { name: "Change role…" }).click();
  const dialog = page.getByRole("dialog", { name: /^Make .* a seller\?$/ });
  await dialog.getByRole("button", { name: "Make a seller" }).click();
  await expect(dialog.getByText("Give the shop a name.")).toBeVisible();
  await dialog.getByRole("textbox", { name: "Shop name" }).fill("Atelier Neuf");
  await dialog.getByRole("button", { name: "Make a seller" }).click();
  await expect(dialog).toBeHidden();
  await expect(main(page).getByText("Seller · Atelier Neuf")).toBeVisible();
  await expect(page.getByRole("region", { name: "Lately" }).getByText(/changed the role of/)).toBeVisible();
});

test("a disabled account is signed out at once, and can be enabled again", async ({
  page,
  api,
  watch,
  anotherBrowser,
}) => {
  watch.expectAnswers(401);
  const owner = await api.seller("Atelier Fermé");
  const theirs = await (await anotherBrowser()).newPage();
  await signInAsSeller(theirs, owner.email);
  await signInAsSeller(page, demoAdmin);
  await openUser(page, owner.email);
  await page.getByRole("button", { name: "Disable the account…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Disable", exact: true }).click();
  await expect(page.getByText("This account is disabled: nobody can sign in to it.")).toBeVisible();
  await theirs.goto("/seller/orders");
  await expect(theirs.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.getByRole("button", { name: "Enable the account" }).click();
  await expect(page.getByText(/can sign in again\.$/)).toBeVisible();
  await signInAsSeller(theirs, owner.email);
});

test("one's own account cannot be changed from here", async ({ page }) => {
  await signInAsSeller(page, demoAdmin);
  await openUser(page, demoAdmin);
  await expect(page.getByText("This is your own account")).toBeVisible();
  await expect(page.getByRole("button", { name: "Disable the account…" })).toHaveCount(0);
});

test("many users are registered from a file, and what failed can be kept", async ({ page, seller }) => {
  const [good, other] = [freshEmail(), freshEmail()];
  await signInAsSeller(page, demoAdmin);
  await page.goto("/seller/users/register");
  const rows = [
    "email,name,role,shop_name,password",
    `${good},Gerda Good,seller,Atelier Gerda,${password}`,
    `${other},"Otto, Other",,,${password}`,
    `${seller.email},Taken Already,,,${password}`,
    "not-an-address,Nobody,king,,short",
  ];
  await page
    .getByLabel("Choose a CSV file")
    .setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(rows.join("\r\n")) });
  await expect(page.getByText("3 can be registered; 1 must be mended first.")).toBeVisible();
  await expect(page.getByText("The role “king” is neither customer nor seller.")).toBeVisible();
  await page.getByRole("button", { name: "Register 3 people" }).click();
  await expect(page.getByText("2 people registered, 2 not")).toBeVisible({ timeout: 30_000 });
  const started = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download the rows that failed" }).click();
  const failed = await readFile(await (await started).path(), "utf8");
  expect(failed).toContain(seller.email);
  expect(failed).toContain("not-an-address");
  expect(failed).not.toContain(good);
  await page.getByRole("link", { name: "Registered" }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: /^(Gerda Good|Otto, Other)$/ })).toBeVisible();
});

test("the security log tells in sentences who failed to sign in, and can be exported", async ({
  page,
  api,
  watch,
}) => {
  watch.expectAnswers(401);
  const customer = await api.customer();
  await page.goto("/seller/login");
  await page.getByRole("textbox", { name: "E-mail" }).fill(customer.email);
  await page.getByLabel("Password", { exact: true }).fill("Wrong-password-1");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(main(page).getByRole("alert")).toBeVisible();
  await signInAsSeller(page, demoAdmin);
  await openUser(page, customer.email);
  await page.getByRole("link", { name: "Their security log" }).click();
  await page.getByRole("combobox", { name: "Kind" }).selectOption("Failed sign-in");
  await expect(page).toHaveURL(/kind=login_failed/);
  const event = main(page)
    .getByRole("listitem")
    .filter({ hasText: `A sign-in as ${customer.email} failed` });
  await expect(event).toHaveCount(1);
  await event.locator("summary").click();
  await expect(event.getByText("login_failed")).toBeVisible();
  const started = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export this page" }).click();
  const csv = await readFile(await (await started).path(), "utf8");
  expect(csv.trim().split("\r\n")).toHaveLength(2);
  expect(csv).toContain(`A sign-in as ${customer.email} failed`);
  await page.getByRole("button", { name: "7 days" }).click();
  await expect(page).toHaveURL(/since=\d{4}-\d{2}-\d{2}/);
  await expect(event).toHaveCount(1);
  await page.getByRole("button", { name: "Show every user" }).click();
  await expect(page).not.toHaveURL(/user=/);
});

test("events of somebody else are found by name", async ({ page, api }) => {
  const customer = await api.customer();
  await signInAsSeller(page, demoAdmin);
  await page.goto("/seller/security-log");
  await page.getByRole("button", { name: "Every user" }).click();
  const search = page.getByRole("dialog", { name: "Whose events?" });
  await search.getByRole("searchbox").fill(customer.email);
  await search.getByRole("list", { name: "Users" }).getByRole("button").first().click();
  await expect(page).toHaveURL(/user=/);
  await expect(main(page).getByText(`${customer.email} registered`)).toBeVisible();
});
