/** Every route of the seller app. Pages live in their feature's folder and load when they are first visited. */
import { one, parseSearch, stringifySearch } from "@carat/api-client";
import { safeRedirect } from "@carat/identity";
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from "@tanstack/react-router";
import { parseProductSearch } from "../features/catalog/list-search";
import { productList, productQuery } from "../features/catalog/queries";
import { sessionQuery } from "../features/identity/session";
import { parseOrderSearch } from "../features/orders/list-search";
import { orderList, orderQuery } from "../features/orders/queries";
import { Guard } from "./Guard";
import { NotFoundPage } from "./NotFoundPage";
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
const inside = { getParentRoute: () => guard };

const overview = createRoute({
  ...inside,
  path: "/",
  component: lazyRouteComponent(() => import("../features/overview/TodayPage"), "TodayPage"),
});

const products = createRoute({
  ...inside,
  path: "/products",
  validateSearch: parseProductSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => void (maySell() && queryClient.prefetchInfiniteQuery(productList(deps))),
  component: lazyRouteComponent(() => import("../features/catalog/ProductsPage"), "ProductsPage"),
});

const newProduct = createRoute({
  ...inside,
  path: "/products/new",
  validateSearch: (search: Record<string, unknown>): { from?: string } => ({ from: one(search.from) }),
  component: lazyRouteComponent(() => import("../features/catalog/NewProductPage"), "NewProductPage"),
});

const product = createRoute({
  ...inside,
  path: "/products/$id",
  loader: ({ params }) => void (maySell() && queryClient.prefetchQuery(productQuery(params.id))),
  component: lazyRouteComponent(() => import("../features/catalog/EditProductPage"), "EditProductPage"),
});

const orders = createRoute({
  ...inside,
  path: "/orders",
  validateSearch: parseOrderSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => void (maySell() && queryClient.prefetchInfiniteQuery(orderList(deps))),
  component: lazyRouteComponent(() => import("../features/orders/OrdersPage"), "OrdersPage"),
});

const order = createRoute({
  ...inside,
  path: "/orders/$id",
  loader: ({ params }) => void (maySell() && queryClient.prefetchQuery(orderQuery(params.id))),
  component: lazyRouteComponent(() => import("../features/orders/OrderPage"), "OrderPage"),
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

/** Asking for a seller's things before it is known that a seller is there would only be refused. */
function maySell(): boolean {
  const user = queryClient.getQueryData(sessionQuery.queryKey);
  return user?.role === "seller" && user.email_verified;
}

export const router = createRouter({
  routeTree: root.addChildren([
    guard.addChildren([overview, products, newProduct, product, orders, order]),
    login,
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
