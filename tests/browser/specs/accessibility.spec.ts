/**
 * WCAG 2.2 AA as far as a program can tell, on the main pages of both apps in the states that people meet: light and dark, on
 * a phone and on a desk. Motion is reduced, so that nothing is judged half faded in.
 */
import { demoAdmin, demoCustomer, demoSeller, freshEmail } from "../support/api";
import { expectAccessible } from "../support/axe";
import { signInAsSeller } from "../support/seller-app";
import { settled } from "../support/settled";
import * as storefront from "../support/storefront";
import { expect, test } from "../support/test";

const widths = { phone: { width: 390, height: 844 }, desk: { width: 1280, height: 800 } };

for (const [screen, viewport] of Object.entries(widths)) {
  for (const colorScheme of ["light", "dark"] as const) {
    test.describe(`${screen}, ${colorScheme}`, () => {
      test.use({ viewport, colorScheme, contextOptions: { reducedMotion: "reduce" } });

      test("looking around in the storefront", async ({ page, watch }) => {
        watch.expectAnswers(404);
        const visits = {
          "the home page": "/",
          "the list": "/products?material=silver&material=onyx&in_stock=true",
          "an empty list": "/products?q=nothing-is-called-this",
          "a piece": "/products/aurore-solitaire-ring",
          "a piece that is not there": "/products/nothing",
          "an empty cart": "/cart",
          "an empty checkout": "/checkout",
          "how we sell": "/about",
          "gift cards": "/gift-card",
          "no page": "/nowhere",
        };
        for (const [what, path] of Object.entries(visits)) {
          await page.goto(path);
          await expectAccessible(page, what);
        }
        await page.goto("/products");
        await settled(page);
        for (const [button, dialog] of [
          ["Menu", "Menu"],
          [/^Filter/, "Filter"],
        ] as const) {
          const opens = page.getByRole("button", { name: button });
          if (!(await opens.isVisible())) continue;
          await opens.click();
          await expect(page.getByRole("dialog", { name: dialog })).toBeVisible();
          await expectAccessible(page, `the drawer ${dialog}`);
          await page.keyboard.press("Escape");
        }
      });

      test("buying", async ({ page, putOnSale }) => {
        const ring = await putOnSale();
        await storefront.addToCart(page, ring);
        await expectAccessible(page, "the cart's drawer");
        await page.goto("/cart");
        await page
          .getByRole("main")
          .getByRole("button", { name: `Remove ${ring.title}` })
          .click();
        await expectAccessible(page, "a cart with something taken out");
        await page.getByRole("main").getByRole("button", { name: "Undo" }).click();
        await expectAccessible(page, "the cart");
        await page.getByRole("main").getByRole("link", { name: "Go to checkout" }).click();
        await storefront.placeOrder(page);
        await expect(page.getByText("Enter the city.")).toBeVisible();
        await expectAccessible(page, "the checkout with its complaints");
        await page.getByRole("textbox", { name: "E-mail" }).fill(freshEmail());
        await storefront.fillAddress(page);
        await storefront.placeOrder(page);
        await storefront.expectGateway(page);
        await expectAccessible(page, "the payment page");
        await page.goBack();
        await expect(page.getByText("Your order waits for its payment")).toBeVisible();
        await expectAccessible(page, "an order that waits");
        await page.goForward();
        await storefront.choose(page, "Pay");
        await storefront.expectPaid(page);
        await expectAccessible(page, "a paid order");
      });

      test("having an account", async ({ page, watch }) => {
        watch.expectAnswers(401);
        for (const path of [
          "/register",
          "/verify",
          "/forgot-password",
          "/reset-password?token=x",
          "/login/second-factor?challenge=x",
          "/login?error=oauth-failed",
          "/login",
        ]) {
          await page.goto(path);
          await expectAccessible(page, "a form");
        }
        await storefront.signIn(page, demoCustomer, "Wrong-password-1");
        await expect(page.getByRole("main").getByRole("alert")).toBeVisible();
        await expectAccessible(page, "a refused sign-in");
        await storefront.signIn(page, demoCustomer);
        await expect(page.getByRole("heading", { name: "Hello, Camille Customer" })).toBeVisible();
        await expectAccessible(page, "the account");
        for (const path of ["orders", "balance", "profile", "addresses", "security", "api-keys", "data"]) {
          await page.goto(`/account/${path}`);
          await expectAccessible(page, "a page of the account");
        }
        await page.getByRole("button", { name: "Delete your account" }).click();
        await page.getByRole("button", { name: "Delete it for good" }).click();
        await expectAccessible(page, "deleting the account");
        for (const [path, button] of [
          ["addresses", "Add an address"],
          ["api-keys", "Make a key"],
          ["security", "Set up an authenticator app"],
        ] as const) {
          await page.goto(`/account/${path}`);
          await page.getByRole("button", { name: button }).click();
          await expectAccessible(page, button);
        }
      });

      test("selling", async ({ page, watch }) => {
        watch.expectAnswers(404);
        for (const path of ["/seller/login", "/seller/register"]) {
          await page.goto(path);
          await expectAccessible(page, "a form");
        }
        await signInAsSeller(page, demoSeller);
        const visits = {
          today: "/seller/",
          "the products": "/seller/products",
          "no such product": "/seller/products?q=nothing-is-called-this",
          "the orders": "/seller/orders",
          "no page": "/seller/nowhere",
        };
        for (const [what, path] of Object.entries(visits)) {
          await page.goto(path);
          await expectAccessible(page, what);
        }
        await page.goto("/seller/products/new");
        await page.getByRole("button", { name: /^Create product/ }).click();
        await expectAccessible(page, "a new product with its complaints");
        for (const list of ["products", "orders"]) {
          await page.goto(`/seller/${list}`);
          await page.getByRole("row").getByRole("link").first().click();
          await expect(page).toHaveURL(new RegExp(`/seller/${list}/.+`));
          await expectAccessible(page, `one of the ${list}`);
        }
        for (const place of ["account", "account/security", "account/api-keys", "account/data", "users"]) {
          await page.goto(`/seller/${place}`);
          await expectAccessible(page, place);
        }
        await page.keyboard.press("Control+k");
        await expect(page.getByRole("dialog")).toBeVisible();
        await expectAccessible(page, "the palette");
      });

      test("administering", async ({ page, watch }) => {
        watch.expectAnswers(404);
        for (const path of ["/seller/forgot-password", "/seller/reset-password?token=none"]) {
          await page.goto(path);
          await expectAccessible(page, "a form");
        }
        await signInAsSeller(page, demoAdmin);
        const visits = {
          "the overview": "/seller/",
          "the users": "/seller/users",
          "nobody found": "/seller/users?q=nobody-is-called-this",
          "no such user": "/seller/users/0193a4c5-0000-7000-8000-000000000001",
          "the gift cards": "/seller/gift-cards",
          "no such gift card": "/seller/gift-cards?q=nothing",
          "issuing gift cards": "/seller/gift-cards/issue",
          "the security log": "/seller/security-log",
          "no such event": "/seller/security-log?kind=account_deleted",
          "a page for sellers": "/seller/products",
        };
        for (const [what, path] of Object.entries(visits)) {
          await page.goto(path);
          await expectAccessible(page, what);
        }
        await page.goto("/seller/security-log");
        await page.locator("summary").first().click();
        await expectAccessible(page, "an event's details");
        await page.getByRole("button", { name: "Every user" }).click();
        await expectAccessible(page, "the search for a user");
        await page.goto(`/seller/users?q=${demoCustomer}`);
        await page.getByRole("row").getByRole("link").first().click();
        await expect(page).toHaveURL(/\/seller\/users\/.+/);
        await expectAccessible(page, "a user");
        await page.getByRole("button", { name: "Disable the account…" }).click();
        await expectAccessible(page, "the question before an account is disabled");
        await page.goto("/seller/users/register");
        await page.getByRole("textbox").fill("ada@example.com,Ada,,,Carat-demo-1\nbroken,,king,,x");
        await expect(page.getByText("1 can be registered; 1 must be mended first.")).toBeVisible();
        await expectAccessible(page, "people to register");
      });
    });
  }
}
