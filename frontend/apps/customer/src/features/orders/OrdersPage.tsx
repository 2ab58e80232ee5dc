/** All orders of whoever is signed in. */
import { toProblem } from "@carat/api-client";
import { buttonClass, EmptyState, ErrorState, LoadMore, Skeleton, StandIn } from "@carat/ui";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { usePageTitle } from "../../app/page-title";
import { AccountTitle } from "../identity/AccountTitle";
import { OrderRow } from "./OrderRow";
import { ordersQuery } from "./queries";

export function OrdersPage() {
  usePageTitle("Your orders");
  const list = useInfiniteQuery(ordersQuery);
  const orders = list.data?.pages.flatMap((page) => page.data);
  return (
    <>
      <AccountTitle>Your orders</AccountTitle>
      <div className="mt-8">
        {orders === undefined && list.isError ? (
          <ErrorState
            message={toProblem(list.error).message}
            requestId={toProblem(list.error).requestId}
            onRetry={() => void list.refetch()}
          />
        ) : orders === undefined ? (
          <OrderListSkeleton />
        ) : orders.length === 0 ? (
          <NoOrders />
        ) : (
          <>
            <ul className="divide-y divide-line border-y border-line">
              {orders.map((order) => (
                <OrderRow key={order.id} order={order} />
              ))}
            </ul>
            <LoadMore
              noun="orders"
              shown={orders.length}
              hasMore={list.hasNextPage}
              pending={list.isFetchingNextPage}
              onMore={() => void list.fetchNextPage()}
            />
          </>
        )}
      </div>
    </>
  );
}

export function OrderListSkeleton() {
  return (
    <div role="status" aria-label="Loading your orders" className="flex flex-col gap-4">
      {[1, 2, 3].map((row) => (
        <Skeleton key={row} className="h-24 w-full" />
      ))}
    </div>
  );
}

export function NoOrders() {
  return (
    <EmptyState
      title="No orders yet"
      drawing={<StandIn subject="ring" />}
      action={
        <Link to="/products" className={buttonClass({ variant: "secondary" })}>
          See all pieces
        </Link>
      }
    >
      What you order while signed in is listed here.
    </EmptyState>
  );
}
