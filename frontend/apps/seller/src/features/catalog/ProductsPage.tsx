/** The seller's products: searched, filtered by status, and moved through with the keyboard. */
import { buttonClass, EmptyState, LoadMore, StandIn } from "@carat/ui";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import clsx from "clsx";
import { Plus } from "lucide-react";
import { PageHead } from "../../app/PageHead";
import { ProblemState } from "../../app/ProblemState";
import { SearchBox } from "../../app/SearchBox";
import { Tabs, tabClass } from "../../app/Tabs";
import { type ProductSearch, productStatuses } from "./list-search";
import { ProductTable, ProductTableSkeleton } from "./ProductTable";
import { productList } from "./queries";
import { statusNames } from "./StatusBadge";

const route = getRouteApi("/guard/selling/products");

export function ProductsPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const find = (q: string | undefined) => {
    const { status } = search;
    void navigate({ to: "/products", search: { ...(q && { q }), ...(status && { status }) }, replace: true });
  };
  return (
    <>
      <PageHead
        title="Products"
        actions={
          <Link to="/products/new" search={{}} className={buttonClass()}>
            <Plus aria-hidden="true" size={18} /> New product
          </Link>
        }
      />
      <div className="mb-4 flex flex-col-reverse gap-3 sm:flex-row sm:items-end sm:justify-between">
        <StatusTabs search={search} />
        <SearchBox q={search.q} label="Search your products" onSearch={find} />
      </div>
      <ProductList search={search} />
    </>
  );
}

function StatusTabs({ search: { q } }: { search: ProductSearch }) {
  const kept = q ? { q } : {};
  return (
    <Tabs label="Status">
      {[undefined, ...productStatuses].map((status) => (
        <Link
          key={status ?? "all"}
          to="/products"
          search={{ ...kept, ...(status && { status }) }}
          activeOptions={{ exact: true, includeSearch: true }}
          className={tabClass}
        >
          {status ? statusNames[status] : "All"}
        </Link>
      ))}
    </Tabs>
  );
}

function ProductList({ search }: { search: ProductSearch }) {
  const list = useInfiniteQuery(productList(search));
  if (list.isPending) return <ProductTableSkeleton />;
  if (list.isError) return <ProblemState error={list.error} onRetry={() => void list.refetch()} />;
  const products = list.data.pages.flatMap(({ data }) => data);
  if (products.length === 0) return <NoProducts search={search} />;
  return (
    <div className={clsx("transition-opacity delay-150", list.isPlaceholderData && "opacity-50")}>
      <ProductTable products={products} />
      <LoadMore
        shown={products.length}
        noun={products.length === 1 ? "product" : "products"}
        hasMore={list.hasNextPage}
        pending={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
      />
    </div>
  );
}

function NoProducts({ search: { q, status } }: { search: ProductSearch }) {
  if (q || status) {
    return (
      <EmptyState
        title="No product matches"
        action={
          <Link to="/products" search={{}} className={buttonClass({ variant: "secondary" })}>
            Show all products
          </Link>
        }
      >
        {q
          ? `Nothing is called “${q}”${status ? ` among: ${statusNames[status].toLowerCase()}` : ""}.`
          : "Nothing here now."}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="Your first piece"
      drawing={<StandIn subject="ring" />}
      action={
        <Link to="/products/new" search={{}} className={buttonClass()}>
          Add a product
        </Link>
      }
    >
      A title, a price and how many there are: that is all it takes to begin.
    </EmptyState>
  );
}
