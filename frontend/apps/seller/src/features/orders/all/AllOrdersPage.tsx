/** Everybody's orders, searched, filtered, page by page. */
import { buttonClass, EmptyState } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import clsx from "clsx";
import { PageHead } from "../../../app/PageHead";
import { Pager } from "../../../app/Pager";
import { ProblemState } from "../../../app/ProblemState";
import { SearchBox } from "../../../app/SearchBox";
import { Tabs, tabClass } from "../../../app/Tabs";
import { type AllOrdersSearch, listedStatuses } from "../list-search";
import { OrderTableSkeleton } from "../OrderTable";
import { allOrders } from "../queries";
import { statusName } from "../status";
import { AllOrdersTable } from "./AllOrdersTable";

const route = getRouteApi("/guard/administration/all-orders");

export function AllOrdersPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  return (
    <>
      <PageHead title="All orders">
        Of every customer and every seller. Money is given back on an order's page.
      </PageHead>
      <div className="mb-3">
        <SearchBox
          q={search.q}
          label="Search an order's number or an e-mail"
          onSearch={(q) => {
            // Another search begins at its own first page.
            const { cursor: _, ...filters } = search;
            void navigate({ to: "/all-orders", search: { ...filters, q }, replace: true });
          }}
        />
      </div>
      <StatusTabs search={search} />
      <OrderList search={search} />
    </>
  );
}

function StatusTabs({ search: { cursor: _, status: chosen, ...kept } }: { search: AllOrdersSearch }) {
  return (
    <Tabs label="Status">
      {[undefined, ...listedStatuses].map((status) => (
        <Link
          key={status ?? "all"}
          to="/all-orders"
          search={{ ...kept, ...(status && { status }) }}
          aria-current={status === chosen ? "page" : undefined}
          activeOptions={{ exact: true, includeSearch: true }}
          className={tabClass}
        >
          {status ? statusName(status) : "All"}
        </Link>
      ))}
    </Tabs>
  );
}

function OrderList({ search }: { search: AllOrdersSearch }) {
  const list = useQuery(allOrders(search));
  if (list.isPending) return <OrderTableSkeleton rows={8} />;
  if (list.isError) return <ProblemState error={list.error} onRetry={() => void list.refetch()} />;
  const { data, next_cursor } = list.data;
  if (data.length === 0) return <NoOrders search={search} />;
  return (
    <div className={clsx("transition-opacity delay-150", list.isPlaceholderData && "opacity-50")}>
      <AllOrdersTable orders={data} />
      <Pager
        shown={data.length}
        noun={data.length === 1 ? "order" : "orders"}
        cursor={search.cursor}
        next={next_cursor}
      />
    </div>
  );
}

function NoOrders({ search }: { search: AllOrdersSearch }) {
  if (Object.keys(search).length === 0) {
    return <EmptyState title="No orders yet">The first one appears here the moment it is placed.</EmptyState>;
  }
  return (
    <EmptyState
      title={search.cursor ? "Nothing more here" : "No such order"}
      action={
        <Link to="/all-orders" search={{}} className={buttonClass({ variant: "secondary" })}>
          Show all orders
        </Link>
      }
    >
      {search.q
        ? `No order's number or address begins with “${search.q}”, and none has that id, with these filters.`
        : "Not with these filters."}
    </EmptyState>
  );
}
