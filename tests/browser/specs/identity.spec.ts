/** Accounts: signing in leads back, refusals are clear, and a session that ended elsewhere is over here too. */
import { demoCustomer, freshEmail, password } from "../support/api";
import { codeFor } from "../support/mailbox";
import * as storefront from "../support/storefront";
import { expect, test } from "../support/test";

test("signing in leads back to where one was", async ({ page }) => {
  await page.goto("/account/orders");
  await storefront.signIn(page, demoCustomer);
  await expect(page.getByRole("heading", { level: 1, name: "Your orders" })).toBeVisible();
  await expect(page).toHaveURL("/account/orders");
  await page
    .getByRole("link", { name: /^Order / })
    .first()
    .click();
  await expect(page.getByRole("heading", { name: "Goes to" })).toBeVisible();
});

test("a wrong password is refused without saying which half was wrong", async ({ page, watch }) => {
  watch.expectAnswers(401);
  await page.goto("/login");
  await storefront.signIn(page, demoCustomer, "Wrong-password-1");
  const alert = page.getByRole("main").getByRole("alert");
  await expect(alert).toBeVisible();
  const said = await alert.innerText();
  await page.reload();
  await storefront.signIn(page, freshEmail(), "Wrong-password-1");
  await expect(alert).toHaveText(said);
  await storefront.signIn(page, demoCustomer);
  await expect(page.getByRole("heading", { name: "Hello, Camille Customer" })).toBeVisible();
});

test("signing in never leads to another site", async ({ page }) => {
  await page.goto("/login?redirect=//elsewhere.example/");
  await storefront.signIn(page, demoCustomer);
  await expect(page).toHaveURL("/account");
});

test("a session that ended elsewhere is visibly over, and the cart is there again after signing in", async ({
  page,
  api,
  putOnSale,
  watch,
}) => {
  watch.expectAnswers(401, 404);
  const [customer, ring] = [await api.customer(), await putOnSale()];
  await page.goto("/login");
  await storefront.signIn(page, customer.email);
  await expect(page.getByRole("heading", { name: "Hello, Ada Lovelace" })).toBeVisible();
  await storefront.addToCart(page, ring);

  const session = (await page.context().cookies()).find(({ name }) => name === "carat_session");
  await api.send("POST", "/auth/logout", undefined, session?.value);
  await page.goto("/account/orders");
  await expect(page.getByText("You have been signed out. Your bag is as you left it.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(page.getByRole("banner").getByRole("link", { name: "Sign in" })).toBeVisible();
  await storefront.signIn(page, customer.email);
  await expect(page).toHaveURL("/account/orders");
  await expect(storefront.cartButton(page)).toHaveAccessibleName("Cart, 1 piece");
});

test("signing out ends the session and leads home", async ({ page }) => {
  await page.goto("/login");
  await storefront.signIn(page, demoCustomer);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByText("You are signed out.")).toBeVisible();
  await expect(page).toHaveURL("/");
  await page.goto("/account");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("a weak password and a taken address are refused at their fields", async ({ page, watch }) => {
  watch.expectAnswers(409);
  await page.goto("/register");
  await page.getByRole("textbox", { name: "E-mail" }).fill(demoCustomer);
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByRole("button", { name: "Make an account" }).click();
  await expect(page.getByLabel("Password", { exact: true })).toHaveAccessibleDescription(
    "The password still breaks a rule below. Still missing: 8 to 128 characters, an upper-case letter, a digit, a special character.",
  );
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Make an account" }).click();
  await expect(page.getByRole("alert").getByRole("link", { name: "Sign in instead" })).toBeVisible();
});

test("a wrong code is refused, and a new one can be had", async ({ page, api, watch }) => {
  watch.expectAnswers(422);
  const email = freshEmail();
  await page.goto("/register");
  await storefront.register(page, { name: "Ada", email });
  const field = page.getByLabel("Six-digit code");
  const code = Number(await codeFor(api.url, email));
  await field.fill(String((code + 1) % 1_000_000).padStart(6, "0"));
  await expect(page.getByRole("alert")).toBeVisible();
  await page.getByRole("button", { name: "Send a new code" }).click();
  await expect(page.getByText("A new code is on its way.")).toBeVisible();
  await expect(page.getByRole("alert")).toBeHidden();
});
