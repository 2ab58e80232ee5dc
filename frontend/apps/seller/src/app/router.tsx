/** Every route of the seller app. Pages live in their feature's folder and load when they are first visited. */
import { many, one, parseSearch, stringifySearch, type User } from "@carat/api-client";
import { safeRedirect } from "@carat/identity";
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from "@tanstack/react-router";
import { parseProductSearch } from "../features/catalog/list-search";
import { categoriesQuery, materialsQuery, productList, productQuery } from "../features/catalog/queries";
import { parseCardSearch } from "../features/gift-cards/list-search";
import { parseGiftProductSearch } from "../features/gift-cards/products/list-search";
import { giftProductList } from "../features/gift-cards/products/queries";
import { batchList, batchQuery, cardList, cardQuery, liabilityQuery } from "../features/gift-cards/queries";
import { sessionQuery } from "../features/identity/session";
import { parseAllOrdersSearch, parseOrderSearch } from "../features/orders/list-search";
import { allOrders, anyOrder, orderList, orderQuery } from "../features/orders/queries";
import { refundsQuery } from "../features/orders/refunds";
import { parsePaymentSearch } from "../features/payments/list-search";
import { paymentList } from "../features/payments/queries";
import { owedQuery, payoutList } from "../features/payouts/queries";
import { parseLogSearch } from "../features/security-log/list-search";
import { securityLog } from "../features/security-log/queries";
import { parseStatementSearch } from "../features/statement/list-search";
import { earningsQuery, statementQuery } from "../features/statement/queries";
import { parseUserSearch } from "../features/users/list-search";
import { userList, userQuery } from "../features/users/queries";
import { parseDeliverySearch } from "../features/webhooks/list-search";
import { deliveryList, webhookList, webhookQuery } from "../features/webhooks/queries";
import { Guard } from "./Guard";
import { NotFoundPage } from "./NotFoundPage";
import { OnlyAdmins, OnlyMerchants, OnlySellers } from "./Only";
import { queryClient } from "./query-client";
import { RouteError } from "./RouteError";

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: () => (
    <main id="main" tabIndex={-1}>
      <NotFoundPage />
    </main>
  ),
});
const guard = createRoute({ getParentRoute: () => root, id: "guard", component: Guard });
const overview = createRoute({
  getParentRoute: () => guard,
  path: "/",
  component: lazyRouteComponent(() => import("../features/overview/HomePage"), "HomePage"),
});

const selling = createRoute({ getParentRoute: () => guard, id: "selling", component: OnlySellers });
const ofSellers = { getParentRoute: () => selling };

const products = createRoute({
  ...ofSellers,
  path: "/products",
  validateSearch: parseProductSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => void (is("seller") && queryClient.prefetchInfiniteQuery(productList(deps))),
  component: lazyRouteComponent(() => import("../features/catalog/ProductsPage"), "ProductsPage"),
});

const newProduct = createRoute({
  ...ofSellers,
  path: "/products/new",
  validateSearch: (search: Record<string, unknown>): { from?: string } => ({ from: one(search.from) }),
  component: lazyRouteComponent(() => import("../features/catalog/NewProductPage"), "NewProductPage"),
});

const product = createRoute({
  ...ofSellers,
  path: "/products/$id",
  loader: ({ params }) => void (is("seller") && queryClient.prefetchQuery(productQuery(params.id))),
  component: lazyRouteComponent(() => import("../features/catalog/EditProductPage"), "EditProductPage"),
});

const orders = createRoute({
  ...ofSellers,
  path: "/orders",
  validateSearch: parseOrderSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => void (is("seller") && queryClient.prefetchInfiniteQuery(orderList(deps))),
  component: lazyRouteComponent(() => import("../features/orders/OrdersPage"), "OrdersPage"),
});

const order = createRoute({
  ...ofSellers,
  path: "/orders/$id",
  loader: ({ params }) => {
    if (!is("seller")) return;
    void queryClient.prefetchQuery(orderQuery(params.id));
    void queryClient.prefetchQuery(refundsQuery(params.id, "seller"));
  },
  component: lazyRouteComponent(() => import("../features/orders/OrderPage"), "OrderPage"),
});

const statement = createRoute({
  ...ofSellers,
  path: "/statement",
  validateSearch: parseStatementSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => {
    if (!is("seller")) return;
    void queryClient.prefetchInfiniteQuery(statementQuery(deps));
    void queryClient.prefetchQuery(earningsQuery);
  },
  component: lazyRouteComponent(() => import("../features/statement/StatementPage"), "StatementPage"),
});

const administration = createRoute({
  getParentRoute: () => guard,
  id: "administration",
  component: OnlyAdmins,
});
const ofAdmins = { getParentRoute: () => administration };

const users = createRoute({
  ...ofAdmins,
  path: "/users",
  validateSearch: parseUserSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => void (is("admin") && queryClient.prefetchQuery(userList(deps))),
  component: lazyRouteComponent(() => import("../features/users/UsersPage"), "UsersPage"),
});

const registerUsers = createRoute({
  ...ofAdmins,
  path: "/users/register",
  component: lazyRouteComponent(() => import("../features/users/bulk/BulkPage"), "BulkPage"),
});

const user = createRoute({
  ...ofAdmins,
  path: "/users/$id",
  loader: ({ params }) => void (is("admin") && queryClient.prefetchQuery(userQuery(params.id))),
  component: lazyRouteComponent(() => import("../features/users/UserPage"), "UserPage"),
});

const everyOrder = createRoute({
  ...ofAdmins,
  path: "/all-orders",
  validateSearch: parseAllOrdersSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => void (is("admin") && queryClient.prefetchQuery(allOrders(deps))),
  component: lazyRouteComponent(() => import("../features/orders/all/AllOrdersPage"), "AllOrdersPage"),
});

const anyOrderRoute = createRoute({
  ...ofAdmins,
  path: "/all-orders/$id",
  loader: ({ params }) => {
    if (!is("admin")) return;
    void queryClient.prefetchQuery(anyOrder(params.id));
    void queryClient.prefetchQuery(refundsQuery(params.id, "admin"));
  },
  component: lazyRouteComponent(() => import("../features/orders/all/AnyOrderPage"), "AnyOrderPage"),
});

const payments = createRoute({
  ...ofAdmins,
  path: "/payments",
  validateSearch: parsePaymentSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => void (is("admin") && queryClient.prefetchQuery(paymentList(deps))),
  component: lazyRouteComponent(() => import("../features/payments/PaymentsPage"), "PaymentsPage"),
});

const giftCards = createRoute({
  ...ofAdmins,
  path: "/gift-cards",
  validateSearch: parseCardSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => {
    if (!is("admin")) return;
    void queryClient.prefetchQuery(cardList(deps));
    void queryClient.prefetchQuery(liabilityQuery);
  },
  component: lazyRouteComponent(() => import("../features/gift-cards/GiftCardsPage"), "GiftCardsPage"),
});

const issueGiftCards = createRoute({
  ...ofAdmins,
  path: "/gift-cards/issue",
  component: lazyRouteComponent(() => import("../features/gift-cards/issue/IssuePage"), "IssuePage"),
});

const giftProducts = createRoute({
  ...ofAdmins,
  path: "/gift-cards/products",
  validateSearch: parseGiftProductSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => void (is("admin") && queryClient.prefetchQuery(giftProductList(deps))),
  component: lazyRouteComponent(
    () => import("../features/gift-cards/products/GiftProductsPage"),
    "GiftProductsPage",
  ),
});

const giftCardBatches = createRoute({
  ...ofAdmins,
  path: "/gift-cards/batches",
  validateSearch: (search: Record<string, unknown>): { cursor?: string } => {
    const cursor = one(search.cursor);
    return cursor ? { cursor } : {};
  },
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => void (is("admin") && queryClient.prefetchQuery(batchList(deps))),
  component: lazyRouteComponent(() => import("../features/gift-cards/batches/BatchesPage"), "BatchesPage"),
});

const giftCardBatch = createRoute({
  ...ofAdmins,
  path: "/gift-cards/batches/$id",
  loader: ({ params }) => void (is("admin") && queryClient.prefetchQuery(batchQuery(params.id))),
  component: lazyRouteComponent(() => import("../features/gift-cards/batches/BatchPage"), "BatchPage"),
});

const giftCard = createRoute({
  ...ofAdmins,
  path: "/gift-cards/$id",
  loader: ({ params }) => void (is("admin") && queryClient.prefetchQuery(cardQuery(params.id))),
  component: lazyRouteComponent(() => import("../features/gift-cards/GiftCardPage"), "GiftCardPage"),
});

const payouts = createRoute({
  ...ofAdmins,
  path: "/payouts",
  loader: () => {
    if (!is("admin")) return;
    void queryClient.prefetchQuery(owedQuery);
    void queryClient.prefetchInfiniteQuery(payoutList);
  },
  component: lazyRouteComponent(() => import("../features/payouts/PayoutsPage"), "PayoutsPage"),
});

const arrangement = createRoute({
  ...ofAdmins,
  path: "/catalogue",
  loader: () => {
    if (!is("admin")) return;
    void queryClient.prefetchQuery(categoriesQuery);
    void queryClient.prefetchQuery(materialsQuery);
  },
  component: lazyRouteComponent(() => import("../features/catalog/arrange/ArrangePage"), "ArrangePage"),
});

const log = createRoute({
  ...ofAdmins,
  path: "/security-log",
  validateSearch: parseLogSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => void (is("admin") && queryClient.prefetchQuery(securityLog(deps))),
  component: lazyRouteComponent(() => import("../features/security-log/SecurityLogPage"), "SecurityLogPage"),
});

const merchants = createRoute({ getParentRoute: () => guard, id: "merchants", component: OnlyMerchants });
const ofMerchants = { getParentRoute: () => merchants };

const webhooks = createRoute({
  ...ofMerchants,
  path: "/webhooks",
  loader: () => void (isMerchant() && queryClient.prefetchQuery(webhookList)),
  component: lazyRouteComponent(() => import("../features/webhooks/WebhooksPage"), "WebhooksPage"),
});

const newWebhook = createRoute({
  ...ofMerchants,
  path: "/webhooks/new",
  component: lazyRouteComponent(() => import("../features/webhooks/NewWebhookPage"), "NewWebhookPage"),
});

const webhook = createRoute({
  ...ofMerchants,
  path: "/webhooks/$id",
  validateSearch: parseDeliverySearch,
  loaderDeps: ({ search }) => search,
  loader: ({ params, deps }) => {
    if (!isMerchant()) return;
    void queryClient.prefetchQuery(webhookQuery(params.id));
    void queryClient.prefetchQuery(deliveryList(params.id, deps));
  },
  component: lazyRouteComponent(() => import("../features/webhooks/WebhookPage"), "WebhookPage"),
});

const delivery = createRoute({
  ...ofMerchants,
  path: "/webhooks/$id/deliveries/$delivery",
  component: lazyRouteComponent(() => import("../features/webhooks/DeliveryPage"), "DeliveryPage"),
});

const account = createRoute({
  getParentRoute: () => guard,
  path: "/account",
  component: lazyRouteComponent(() => import("../features/account/AccountArea"), "AccountArea"),
});
const ofAccount = { getParentRoute: () => account };

const profile = createRoute({
  ...ofAccount,
  path: "/",
  component: lazyRouteComponent(() => import("../features/account/ProfilePage"), "ProfilePage"),
});

const security = createRoute({
  ...ofAccount,
  path: "/security",
  component: lazyRouteComponent(() => import("../features/account/SecurityPage"), "SecurityPage"),
});

const apiKeys = createRoute({
  ...ofAccount,
  path: "/api-keys",
  component: lazyRouteComponent(() => import("../features/account/ApiKeysPage"), "ApiKeysPage"),
});

const data = createRoute({
  ...ofAccount,
  path: "/data",
  component: lazyRouteComponent(() => import("../features/account/DataPage"), "DataPage"),
});

const outside = {
  getParentRoute: () => root,
  validateSearch: (search: Record<string, unknown>): { redirect?: string } => ({
    redirect: safeRedirect(one(search.redirect), "/seller"),
  }),
};

const login = createRoute({
  ...outside,
  path: "/login",
  component: lazyRouteComponent(() => import("../features/identity/LoginPage"), "LoginPage"),
});

const secondFactor = createRoute({
  getParentRoute: () => root,
  path: "/login/second-factor",
  validateSearch: (
    search: Record<string, unknown>,
  ): { challenge?: string; methods?: string[]; redirect?: string } => ({
    challenge: one(search.challenge),
    methods: many(search.methods),
    ...outside.validateSearch(search),
  }),
  component: lazyRouteComponent(() => import("../features/identity/SecondFactorPage"), "SecondFactorPage"),
});

const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: "/forgot-password",
  component: lazyRouteComponent(
    () => import("../features/identity/ForgotPasswordPage"),
    "ForgotPasswordPage",
  ),
});

const resetPassword = createRoute({
  getParentRoute: () => root,
  path: "/reset-password",
  validateSearch: (search: Record<string, unknown>): { token?: string } => ({ token: one(search.token) }),
  component: lazyRouteComponent(() => import("../features/identity/ResetPasswordPage"), "ResetPasswordPage"),
});

const register = createRoute({
  ...outside,
  path: "/register",
  component: lazyRouteComponent(() => import("../features/identity/RegisterPage"), "RegisterPage"),
});

const verify = createRoute({
  ...outside,
  path: "/verify",
  component: lazyRouteComponent(() => import("../features/identity/VerifyPage"), "VerifyPage"),
});

/** Asking for the things of a role before it is known that somebody of it is there would only be refused. */
function is(role: User["role"]): boolean {
  const user = queryClient.getQueryData(sessionQuery.queryKey);
  return user?.role === role && user.email_verified;
}

function isMerchant(): boolean {
  return is("seller") || is("admin");
}

export const router = createRouter({
  routeTree: root.addChildren([
    guard.addChildren([
      overview,
      selling.addChildren([products, newProduct, product, orders, order, statement]),
      administration.addChildren([
        users,
        registerUsers,
        user,
        everyOrder,
        anyOrderRoute,
        payments,
        giftCards,
        issueGiftCards,
        giftCardBatches,
        giftProducts,
        giftCardBatch,
        giftCard,
        payouts,
        arrangement,
        log,
      ]),
      merchants.addChildren([webhooks, newWebhook, webhook, delivery]),
      account.addChildren([profile, security, apiKeys, data]),
    ]),
    login,
    secondFactor,
    forgotPassword,
    resetPassword,
    register,
    verify,
  ]),
  basepath: "/seller",
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
