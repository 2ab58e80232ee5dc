/** Every route of the storefront. Pages live in their feature's folder and load when they are first visited; the home page comes along. */
import { many, one, parseSearch, stringifySearch } from "@carat/api-client";
import { safeRedirect } from "@carat/identity";
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { parseFilters } from "../features/catalog/filters";
import { HomePage } from "../features/catalog/HomePage";
import { newestProducts, productList, productQuery } from "../features/catalog/queries";
import { parseMovementSearch } from "../features/ledger/list-search";
import { NotFoundPage } from "./NotFoundPage";
import { queryClient } from "./query-client";
import { RouteError } from "./RouteError";
import { Shell } from "./Shell";

const root = createRootRoute({ component: Shell, notFoundComponent: () => <NotFoundPage /> });
const under = { getParentRoute: () => root };

const home = createRoute({
  ...under,
  path: "/",
  loader: () => void queryClient.prefetchQuery(newestProducts),
  component: HomePage,
});

const products = createRoute({
  ...under,
  path: "/products",
  validateSearch: parseFilters,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => void queryClient.prefetchInfiniteQuery(productList(deps)),
  component: lazyRouteComponent(() => import("../features/catalog/ProductsPage"), "ProductsPage"),
});

const product = createRoute({
  ...under,
  path: "/products/$slug",
  loader: ({ params }) => void queryClient.prefetchQuery(productQuery(params.slug)),
  component: lazyRouteComponent(() => import("../features/catalog/ProductPage"), "ProductPage"),
});

const cart = createRoute({
  ...under,
  path: "/cart",
  component: lazyRouteComponent(() => import("../features/cart/CartPage"), "CartPage"),
});

const checkout = createRoute({
  ...under,
  path: "/checkout",
  component: lazyRouteComponent(() => import("../features/checkout/CheckoutPage"), "CheckoutPage"),
});

const order = createRoute({
  ...under,
  path: "/orders/$id",
  validateSearch: (search): { token?: string; paid?: string } => ({
    token: one(search.token),
    paid: one(search.paid),
  }),
  component: lazyRouteComponent(() => import("../features/orders/OrderPage"), "OrderPage"),
});

const redirectOf = (search: Record<string, unknown>) => safeRedirect(one(search.redirect));

const withRedirect = {
  validateSearch: (search: Record<string, unknown>): { redirect?: string } => ({
    redirect: redirectOf(search),
  }),
};

const login = createRoute({
  ...under,
  path: "/login",
  // A provider that did not sign anyone in sends them back with the reason; then the way back stands in `return_to`.
  validateSearch: (search: Record<string, unknown>): { redirect?: string; error?: string } => ({
    redirect: redirectOf(search) ?? safeRedirect(one(search.return_to)),
    error: one(search.error),
  }),
  component: lazyRouteComponent(() => import("../features/identity/LoginPage"), "LoginPage"),
});

const secondFactor = createRoute({
  ...under,
  path: "/login/second-factor",
  // A provider's page leads here, too; then the way back stands in `return_to`.
  validateSearch: (
    search: Record<string, unknown>,
  ): { challenge?: string; methods?: string[]; redirect?: string } => ({
    challenge: one(search.challenge),
    methods: many(search.methods),
    redirect: redirectOf(search) ?? safeRedirect(one(search.return_to)),
  }),
  component: lazyRouteComponent(() => import("../features/identity/SecondFactorPage"), "SecondFactorPage"),
});

const forgotPassword = createRoute({
  ...under,
  path: "/forgot-password",
  component: lazyRouteComponent(
    () => import("../features/identity/ForgotPasswordPage"),
    "ForgotPasswordPage",
  ),
});

const resetPassword = createRoute({
  ...under,
  path: "/reset-password",
  validateSearch: (search: Record<string, unknown>): { token?: string } => ({ token: one(search.token) }),
  component: lazyRouteComponent(() => import("../features/identity/ResetPasswordPage"), "ResetPasswordPage"),
});

const register = createRoute({
  ...under,
  ...withRedirect,
  path: "/register",
  component: lazyRouteComponent(() => import("../features/identity/RegisterPage"), "RegisterPage"),
});

const verify = createRoute({
  ...under,
  ...withRedirect,
  path: "/verify",
  component: lazyRouteComponent(() => import("../features/identity/VerifyPage"), "VerifyPage"),
});

const account = createRoute({
  ...under,
  path: "/account",
  component: lazyRouteComponent(() => import("../features/identity/AccountArea"), "AccountArea"),
});
const ofAccount = { getParentRoute: () => account };

const overview = createRoute({
  ...ofAccount,
  path: "/",
  component: lazyRouteComponent(() => import("../features/identity/AccountPage"), "AccountPage"),
});

const orders = createRoute({
  ...ofAccount,
  path: "/orders",
  component: lazyRouteComponent(() => import("../features/orders/OrdersPage"), "OrdersPage"),
});

const balance = createRoute({
  ...ofAccount,
  path: "/balance",
  validateSearch: parseMovementSearch,
  component: lazyRouteComponent(() => import("../features/ledger/BalancePage"), "BalancePage"),
});

const topUp = createRoute({
  ...ofAccount,
  path: "/balance/top-up",
  component: lazyRouteComponent(() => import("../features/payments/TopUpPage"), "TopUpPage"),
});

const payment = createRoute({
  ...ofAccount,
  path: "/payments/$id",
  validateSearch: (search): { paid?: string } => ({ paid: one(search.paid) }),
  component: lazyRouteComponent(() => import("../features/payments/PaymentPage"), "PaymentPage"),
});

const profile = createRoute({
  ...ofAccount,
  path: "/profile",
  component: lazyRouteComponent(() => import("../features/identity/ProfilePage"), "ProfilePage"),
});

const addresses = createRoute({
  ...ofAccount,
  path: "/addresses",
  component: lazyRouteComponent(
    () => import("../features/identity/addresses/AddressesPage"),
    "AddressesPage",
  ),
});

const security = createRoute({
  ...ofAccount,
  path: "/security",
  component: lazyRouteComponent(() => import("../features/identity/SecurityPage"), "SecurityPage"),
});

const apiKeys = createRoute({
  ...ofAccount,
  path: "/api-keys",
  component: lazyRouteComponent(() => import("../features/identity/ApiKeysPage"), "ApiKeysPage"),
});

const data = createRoute({
  ...ofAccount,
  path: "/data",
  component: lazyRouteComponent(() => import("../features/identity/DataPage"), "DataPage"),
});

const giftCard = createRoute({
  ...under,
  path: "/gift-card",
  component: lazyRouteComponent(() => import("../features/gift-cards/GiftCardPage"), "GiftCardPage"),
});

const printGiftCard = createRoute({
  ...under,
  path: "/gift-card/print",
  component: lazyRouteComponent(() => import("../features/gift-cards/PrintPage"), "PrintPage"),
});

const about = createRoute({
  ...under,
  path: "/about",
  component: lazyRouteComponent(() => import("./AboutPage"), "AboutPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    products,
    product,
    cart,
    checkout,
    order,
    login,
    secondFactor,
    forgotPassword,
    resetPassword,
    register,
    verify,
    account.addChildren([
      overview,
      orders,
      balance,
      topUp,
      payment,
      profile,
      addresses,
      security,
      apiKeys,
      data,
    ]),
    giftCard,
    printGiftCard,
    about,
  ]),
  parseSearch,
  stringifySearch,
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  defaultErrorComponent: RouteError,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
