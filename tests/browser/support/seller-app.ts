/** What sellers do in their app, as steps of a story. */
import { expect, type Page } from "@playwright/test";
import { password } from "./api";

export async function openShopInApp(
  page: Page,
  { shop, name, email }: Record<"shop" | "name" | "email", string>,
) {
  await page.goto("/seller/register");
  await page.getByRole("textbox", { name: "Shop name" }).fill(shop);
  await page.getByRole("textbox", { name: "Your name" }).fill(name);
  await page.getByRole("textbox", { name: "E-mail" }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Open the shop" }).click();
}

export async function signInAsSeller(page: Page, email: string) {
  await page.goto("/seller/login");
  await page.getByRole("textbox", { name: "E-mail" }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("navigation", { name: "The shop" })).toBeVisible();
}

export async function createProduct(
  page: Page,
  { title, price, stock }: Record<"title" | "price" | "stock", string>,
) {
  await page.getByRole("link", { name: "New product" }).click();
  await page.getByRole("textbox", { name: "Title" }).fill(title);
  await page.getByRole("textbox", { name: "Price", exact: true }).fill(price);
  await page.getByRole("textbox", { name: "In stock" }).fill(stock);
  await page.getByRole("combobox", { name: "Category" }).selectOption("rings");
  await page.getByRole("button", { name: /^Create product/ }).click();
  await expect(page.getByText("Created.")).toBeVisible();
}
