/** The catalogue kept in order: categories and materials, variants that come and go, and addresses that stay good. */
import { demoAdmin, unique } from "../support/api";
import { signInAsSeller } from "../support/seller-app";
import { expect, test } from "../support/test";

test("an administrator adds a category, renames it, and merges it into another", async ({ page, watch }) => {
  watch.expectAnswers(409); // a twin is refused
  const [name, other] = [unique("Tiaras"), unique("Crowns")];
  await signInAsSeller(page, demoAdmin);
  await page.goto("/seller/catalogue");
  await expect(page.getByRole("heading", { level: 1, name: "Catalogue" })).toBeVisible();
  const categories = page.getByRole("region", { name: "Categories" });
  for (const each of [name, other]) {
    await categories.getByRole("button", { name: "Add a category" }).click();
    const dialog = page.getByRole("dialog", { name: "New category" });
    await dialog.getByRole("textbox", { name: "Name" }).fill(each);
    await dialog.getByRole("button", { name: "Add the category" }).click();
    await expect(categories.getByText(each, { exact: true })).toBeVisible();
  }
  await categories.getByRole("button", { name: "Add a category" }).click();
  const twin = page.getByRole("dialog", { name: "New category" });
  await twin.getByRole("textbox", { name: "Name" }).fill(name.toUpperCase());
  await twin.getByRole("button", { name: "Add the category" }).click();
  await expect(twin.getByRole("alert")).toBeVisible();
  await twin.getByRole("button", { name: "Cancel" }).click();

  await categories.getByRole("button", { name: `Change ${name}` }).click();
  const dialog = page.getByRole("dialog", { name: `Change ${name}` });
  await dialog.getByRole("textbox", { name: "Name" }).fill(`${name} of gold`);
  await dialog.getByRole("combobox", { name: "Below" }).selectOption({ label: other });
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(categories.getByText(`${name} of gold`, { exact: true })).toBeVisible();

  await categories.getByRole("button", { name: `Merge ${name} of gold into another` }).click();
  const merge = page.getByRole("dialog", { name: `Merge ${name} of gold into another` });
  await merge.getByRole("combobox", { name: "Into" }).selectOption({ label: other });
  await merge.getByRole("button", { name: "Merge" }).click();
  await expect(categories.getByText(`${name} of gold`, { exact: true })).toBeHidden();
  await categories.getByRole("button", { name: `Delete ${other}` }).click();
  await page
    .getByRole("dialog", { name: `Delete ${other}?` })
    .getByRole("button", { name: "Delete" })
    .click();
  await expect(categories.getByText(other, { exact: true })).toBeHidden();
});

test("a seller adds the category that is missing while they describe a piece", async ({ page, api }) => {
  const owner = await api.seller("Atelier Catégorie");
  const ring = await api.putOnSale(owner);
  const name = unique("Hatpins");
  await signInAsSeller(page, owner.email);
  await page.goto(`/seller/products/${ring.id}`);
  await page.getByRole("button", { name: "New category" }).click();
  const dialog = page.getByRole("dialog", { name: "New category" });
  await dialog.getByRole("textbox", { name: "Name" }).fill(name);
  await dialog.getByRole("button", { name: "Add the category" }).click();
  await expect(page.getByRole("combobox", { name: "Category" }).locator("option:checked")).toHaveText(name);
  await page.getByRole("button", { name: /^Save/ }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
});

test("an address of before leads to the piece, and to its address of now", async ({ page, api }) => {
  const owner = await api.seller("Atelier Adresse");
  const ring = await api.putOnSale(owner);
  const slug = unique("moved")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-");
  await signInAsSeller(page, owner.email);
  await page.goto(`/seller/products/${ring.id}`);
  await page.getByRole("textbox", { name: "Address" }).fill(slug);
  await page.getByRole("button", { name: /^Save/ }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await page.goto(`/products/${ring.slug}`);
  await expect(page.getByRole("heading", { level: 1, name: ring.title })).toBeVisible();
  await expect(page).toHaveURL(`/products/${slug}`);
});

test("variants are added and taken out, and a piece that nobody ordered is deleted", async ({
  page,
  api,
}) => {
  const owner = await api.seller("Atelier Variantes");
  const ring = await api.putOnSale(owner, { stock: 3 });
  await signInAsSeller(page, owner.email);
  await page.goto(`/seller/products/${ring.id}`);
  await page.getByRole("button", { name: "Add an option, such as ring size" }).click();
  await page.getByRole("combobox", { name: "Option 1", exact: true }).fill("Ring size");
  await page.getByRole("textbox", { name: "Values of Ring size" }).fill("50, 52, 54,");
  await expect(page.getByRole("textbox", { name: "In stock of 54" })).toHaveValue("3");
  await page.getByRole("button", { name: "Take out 54" }).last().click();
  await page.getByRole("button", { name: /^Save/ }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await page.reload();
  await expect(page.getByRole("textbox", { name: "In stock of 52" })).toHaveValue("3");
  await expect(page.getByRole("textbox", { name: "In stock of 54" })).toHaveCount(0);

  await page.getByRole("button", { name: "Delete", exact: true }).click();
  const question = page.getByRole("dialog", { name: `Delete ${ring.title}?` });
  await question.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText(`${ring.title} is deleted.`)).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: "Products" })).toBeVisible();
});
