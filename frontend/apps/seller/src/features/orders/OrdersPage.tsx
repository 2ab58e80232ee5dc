/** The orders that hold pieces of the seller, newest first, filtered by what has become of them. */
import { buttonClass, EmptyState, LoadMore } from "@carat/ui";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import clsx from "clsx";
import { PageHead } from "../../app/PageHead";
import { ProblemState } from "../../app/ProblemState";
import { Tabs, tabClass } from "../../app/Tabs";
import { listedStatuses, type OrderSearch } from "./list-search";
import { OrderTable, OrderTableSkeleton } from "./OrderTable";
import { orderList } from "./queries";
import { statusName } from "./status";

const route = getRouteApi("/guard/selling/orders");

export function OrdersPage() {
  const search = route.useSearch();
  return (
    <>
      <PageHead title="Orders" />
      <div className="mb-2">
        <Tabs label="Status">
          {[undefined, ...listedStatuses].map((status) => (
            <Link
              key={status ?? "all"}
              to="/orders"
              search={status ? { status } : {}}
              activeOptions={{ exact: true, includeSearch: true }}
              className={tabClass}
            >
              {status ? statusName(status) : "All"}
            </Link>
          ))}
        </Tabs>
      </div>
      <OrderList search={search} />
    </>
  );
}

function OrderList({ search }: { search: OrderSearch }) {
  const list = useInfiniteQuery(orderList(search));
  if (list.isPending) return <OrderTableSkeleton rows={8} />;
  if (list.isError) return <ProblemState error={list.error} onRetry={() => void list.refetch()} />;
  const orders = list.data.pages.flatMap(({ data }) => data);
  if (orders.length === 0) return <NoOrders filtered={search.status !== undefined} />;
  return (
    <div className={clsx("transition-opacity delay-150", list.isPlaceholderData && "opacity-50")}>
      <OrderTable orders={orders} />
      <LoadMore
        shown={orders.length}
        noun={orders.length === 1 ? "order" : "orders"}
        hasMore={list.hasNextPage}
        pending={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
      />
    </div>
  );
}

function NoOrders({ filtered }: { filtered: boolean }) {
  if (!filtered) {
    return <EmptyState title="No orders yet">The first one appears here the moment it is placed.</EmptyState>;
  }
  return (
    <EmptyState
      title="No order in this state"
      action={
        <Link to="/orders" search={{}} className={buttonClass({ variant: "secondary" })}>
          Show all orders
        </Link>
      }
    />
  );
}
