/** Every route of the seller app. Pages live in their feature's folder and load when they are first visited. */
import { one, parseSearch, stringifySearch, type User } from "@carat/api-client";
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
import { parseLogSearch } from "../features/security-log/list-search";
import { securityLog } from "../features/security-log/queries";
import { parseUserSearch } from "../features/users/list-search";
import { userList, userQuery } from "../features/users/queries";
import { Guard } from "./Guard";
import { NotFoundPage } from "./NotFoundPage";
import { OnlyAdmins, OnlySellers } from "./Only";
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
  loader: ({ params }) => void (is("seller") && queryClient.prefetchQuery(orderQuery(params.id))),
  component: lazyRouteComponent(() => import("../features/orders/OrderPage"), "OrderPage"),
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

const log = createRoute({
  ...ofAdmins,
  path: "/security-log",
  validateSearch: parseLogSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => void (is("admin") && queryClient.prefetchQuery(securityLog(deps))),
  component: lazyRouteComponent(() => import("../features/security-log/SecurityLogPage"), "SecurityLogPage"),
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

/** Asking for the things of a role before it is known that somebody of it is there would only be refused. */
function is(role: User["role"]): boolean {
  const user = queryClient.getQueryData(sessionQuery.queryKey);
  return user?.role === role && user.email_verified;
}

export const router = createRouter({
  routeTree: root.addChildren([
    guard.addChildren([
      overview,
      selling.addChildren([products, newProduct, product, orders, order]),
      administration.addChildren([users, registerUsers, user, log]),
    ]),
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
