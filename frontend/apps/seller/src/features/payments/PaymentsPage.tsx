/** All payments, searched, filtered, page by page; those that are held first wait here for a decision. */
import { buttonClass, EmptyState } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import clsx from "clsx";
import { PageHead } from "../../app/PageHead";
import { Pager } from "../../app/Pager";
import { ProblemState } from "../../app/ProblemState";
import { SearchBox } from "../../app/SearchBox";
import { Tabs, tabClass } from "../../app/Tabs";
import { type PaymentSearch, paymentStatuses } from "./list-search";
import { PaymentTable, PaymentTableSkeleton } from "./PaymentTable";
import { paymentList } from "./queries";
import { statusNames } from "./words";

const route = getRouteApi("/guard/administration/payments");

export function PaymentsPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  return (
    <>
      <PageHead title="Payments">
        A suspicious one is held: the bank has promised the money, and you take it or let it go.
      </PageHead>
      <div className="mb-3">
        <SearchBox
          q={search.q}
          label="Search an e-mail or an order's number"
          onSearch={(q) => {
            // Another search begins at its own first page.
            const { cursor: _, ...filters } = search;
            void navigate({ to: "/payments", search: { ...filters, q }, replace: true });
          }}
        />
      </div>
      <StatusTabs search={search} />
      <PaymentList search={search} />
    </>
  );
}

function StatusTabs({ search: { cursor: _, status: chosen, ...kept } }: { search: PaymentSearch }) {
  return (
    <Tabs label="Status">
      {[undefined, ...paymentStatuses].map((status) => (
        <Link
          key={status ?? "all"}
          to="/payments"
          search={{ ...kept, ...(status && { status }) }}
          aria-current={status === chosen ? "page" : undefined}
          activeOptions={{ exact: true, includeSearch: true }}
          className={tabClass}
        >
          {status ? statusNames[status] : "All"}
        </Link>
      ))}
    </Tabs>
  );
}

function PaymentList({ search }: { search: PaymentSearch }) {
  const list = useQuery(paymentList(search));
  if (list.isPending) return <PaymentTableSkeleton rows={8} />;
  if (list.isError) return <ProblemState error={list.error} onRetry={() => void list.refetch()} />;
  const { data, next_cursor } = list.data;
  if (data.length === 0) return <NoPayments search={search} />;
  return (
    <div className={clsx("transition-opacity delay-150", list.isPlaceholderData && "opacity-50")}>
      <PaymentTable payments={data} />
      <Pager
        shown={data.length}
        noun={data.length === 1 ? "payment" : "payments"}
        cursor={search.cursor}
        next={next_cursor}
      />
    </div>
  );
}

function NoPayments({ search }: { search: PaymentSearch }) {
  if (Object.keys(search).length === 0) {
    return <EmptyState title="No payments yet">Every attempt to pay is listed here.</EmptyState>;
  }
  if (search.status === "held" && !search.q && !search.cursor) {
    return <EmptyState title="Nothing is held">No payment waits for you to decide.</EmptyState>;
  }
  return (
    <EmptyState
      title={search.cursor ? "Nothing more here" : "No such payment"}
      action={
        <Link to="/payments" search={{}} className={buttonClass({ variant: "secondary" })}>
          Show all payments
        </Link>
      }
    >
      {search.q ? `No customer's address has “${search.q}”, with these filters.` : "Not with these filters."}
    </EmptyState>
  );
}
