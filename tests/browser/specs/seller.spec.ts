/** The seller app: who may come in, work that is never lost, and what customers see of it. */
import { demoCustomer, demoSeller, password } from "../support/api";
import { signInAsSeller } from "../support/seller-app";
import { expect, test } from "../support/test";

test("a customer's account has no shop, and is told so", async ({ page }) => {
  await page.goto("/seller/orders");
  await page.getByRole("textbox", { name: "E-mail" }).fill(demoCustomer);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("heading", { name: "This account has no shop" })).toBeVisible();
});

test("a seller's orders can be filtered, and opened", async ({ page }) => {
  await signInAsSeller(page, demoSeller);
  await page.getByRole("navigation", { name: "The shop" }).getByRole("link", { name: "Orders" }).click();
  await page
    .getByRole("navigation", { name: "Status" })
    .getByRole("link", { name: "Paid", exact: true })
    .click();
  await expect(page).toHaveURL("/seller/orders?status=paid");
  await page.getByRole("row").getByRole("link").first().click();
  await expect(page.getByRole("region", { name: "Ship to" })).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL("/seller/orders?status=paid");
});

test("a new price is in the shop as soon as it is saved", async ({ page, api, anotherBrowser }) => {
  const owner = await api.seller("Atelier Prix");
  const ring = await api.putOnSale(owner, { amount: 10_000 });
  await signInAsSeller(page, owner.email);
  await page.goto(`/seller/products/${ring.id}`);
  await page.getByRole("textbox", { name: "Price in EUR" }).fill("149.90");
  await page.getByRole("button", { name: /^Save/ }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  const customer = await (await anotherBrowser()).newPage();
  await customer.goto(`/products/${ring.slug}`);
  await expect(customer.getByText("€149.90").first()).toBeVisible();
});

test("leaving with something unsaved asks first, and keeps a draft", async ({ page, api }) => {
  const owner = await api.seller("Atelier Brouillon");
  const ring = await api.putOnSale(owner);
  await signInAsSeller(page, owner.email);
  await page.goto(`/seller/products/${ring.id}`);
  await page.getByRole("textbox", { name: "Title" }).fill("A better title");
  await page.getByRole("navigation", { name: "The shop" }).getByRole("link", { name: "Orders" }).click();
  const question = page.getByRole("dialog", { name: "Leave without saving?" });
  await question.getByRole("button", { name: "Keep editing" }).click();
  await expect(page.getByRole("textbox", { name: "Title" })).toHaveValue("A better title");
  await page.getByRole("navigation", { name: "The shop" }).getByRole("link", { name: "Orders" }).click();
  await question.getByRole("button", { name: "Leave, keep the draft" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Orders" })).toBeVisible();
});

test("when the session ends while somebody works, they sign in above their page and lose nothing", async ({
  page,
  api,
  watch,
}) => {
  watch.expectAnswers(401);
  const owner = await api.seller("Atelier Veille");
  const ring = await api.putOnSale(owner);
  await signInAsSeller(page, owner.email);
  await page.goto(`/seller/products/${ring.id}`);
  await page.getByRole("textbox", { name: "Title" }).fill("Typed before the session ended");
  const session = (await page.context().cookies()).find(({ name }) => name === "carat_session");
  await api.send("POST", "/auth/logout", undefined, session?.value);
  await page.getByRole("button", { name: /^Save/ }).click();
  const again = page.getByRole("dialog", { name: "Please sign in again" });
  await again.getByLabel("Password", { exact: true }).fill(password);
  await again.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(again).toBeHidden();
  await expect(page.getByRole("textbox", { name: "Title" })).toHaveValue("Typed before the session ended");
  await page.getByRole("button", { name: /^Save/ }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
});
