/** The latest orders, on the account's page. */
import { toProblem } from "@carat/api-client";
import { ErrorState } from "@carat/ui";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { OrderRow } from "./OrderRow";
import { NoOrders, OrderListSkeleton } from "./OrdersPage";
import { ordersQuery } from "./queries";

const few = 4;

export function RecentOrders() {
  const { data, error, refetch } = useInfiniteQuery(ordersQuery);
  const orders = data?.pages.flatMap((page) => page.data);
  return (
    <section aria-labelledby="orders">
      <h2 id="orders" className="font-display text-heading">
        Your orders
      </h2>
      <div className="mt-4 border-t border-line">
        {orders === undefined && error ? (
          <ErrorState
            message={toProblem(error).message}
            requestId={toProblem(error).requestId}
            onRetry={() => void refetch()}
          />
        ) : orders === undefined ? (
          <OrderListSkeleton />
        ) : orders.length === 0 ? (
          <NoOrders />
        ) : (
          <ul className="divide-y divide-line border-b border-line">
            {orders.slice(0, few).map((order) => (
              <OrderRow key={order.id} order={order} />
            ))}
          </ul>
        )}
      </div>
      {orders && orders.length > few && (
        <Link
          to="/account/orders"
          className="mt-3 inline-flex min-h-11 items-center underline underline-offset-4"
        >
          See all orders
        </Link>
      )}
    </section>
  );
}
