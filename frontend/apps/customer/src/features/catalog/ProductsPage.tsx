/** All pieces: search, filters, order, and the list as far as the visitor wants to see it. */
import { toProblem } from "@carat/api-client";
import { Button, controlClass, Dialog, EmptyState, ErrorState, LoadMore, StandIn } from "@carat/ui";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import { SlidersHorizontal } from "lucide-react";
import { useState } from "react";
import { usePageTitle } from "../../app/page-title";
import { useCanonicalFilters } from "./canonical";
import { FilterChips } from "./FilterChips";
import { FilterPanel } from "./FilterPanel";
import { countFilters, type ProductFilters, type Sort, sorts } from "./filters";
import { gridClass, ProductCard, ProductGridSkeleton } from "./ProductCard";
import { categoriesQuery, productList, sellerQuery } from "./queries";
import { SearchBox } from "./SearchBox";
import { type ChangeFilters, useFilters } from "./use-filters";

export function ProductsPage() {
  const { filters, change, clear } = useFilters();
  useCanonicalFilters(filters, change);
  const [panelOpen, setPanelOpen] = useState(false);
  const list = useInfiniteQuery(productList(filters));
  const products = list.data?.pages.flatMap((page) => page.data);
  const currency = products?.[0]?.price.currency ?? "EUR";
  const title = useListTitle(filters);
  usePageTitle(title);

  const panel = <FilterPanel filters={filters} change={change} currency={currency} />;
  const more = list.hasNextPage ? " so far" : "";
  const count = products && `${products.length} ${products.length === 1 ? "piece" : "pieces"}${more}`;

  return (
    <div className="shell pt-8 sm:pt-12">
      <h1 className="font-display text-display">{title}</h1>
      <div className="mt-8 grid gap-10 lg:grid-cols-[14rem_1fr] xl:gap-16">
        <aside aria-label="Filters" className="max-lg:hidden">
          {panel}
        </aside>
        <div className="min-w-0">
          <div className="flex flex-wrap gap-3">
            <div className="min-w-56 flex-1">
              <SearchBox initial={filters.q} onSearch={(q) => change({ q }, { replace: true })} />
            </div>
            <Button variant="secondary" className="lg:hidden" onClick={() => setPanelOpen(true)}>
              <SlidersHorizontal aria-hidden="true" size={18} strokeWidth={1.5} />
              Filter{countFilters(filters) > 0 && ` (${countFilters(filters)})`}
            </Button>
            <SortChoice sort={filters.sort} change={change} />
          </div>
          <div className="mt-4 flex flex-col gap-4">
            <FilterChips {...{ filters, change, clear, currency }} />
            <p role="status" className="min-h-6 text-sm text-muted">
              {count}
            </p>
          </div>
          <section aria-label="Pieces" aria-busy={list.isFetching} className="mt-4">
            {products === undefined && list.isError ? (
              <ErrorState
                message={toProblem(list.error).message}
                requestId={toProblem(list.error).requestId}
                onRetry={() => void list.refetch()}
              />
            ) : products === undefined ? (
              <ProductGridSkeleton count={12} />
            ) : products.length === 0 ? (
              <NothingFound clear={clear} />
            ) : (
              <>
                <div
                  className={clsx(
                    gridClass,
                    "transition-opacity",
                    list.isPlaceholderData && "opacity-50 delay-150",
                  )}
                >
                  {products.map((product, index) => (
                    <ProductCard key={product.id} product={product} heading="h2" priority={index < 2} />
                  ))}
                </div>
                <LoadMore
                  noun="pieces"
                  shown={products.length}
                  hasMore={list.hasNextPage}
                  pending={list.isFetchingNextPage}
                  onMore={() => void list.fetchNextPage()}
                />
              </>
            )}
          </section>
        </div>
      </div>
      <Dialog
        open={panelOpen}
        onClose={() => setPanelOpen(false)}
        title="Filter"
        placement="left"
        footer={
          <Button className="w-full" onClick={() => setPanelOpen(false)}>
            Show the pieces
          </Button>
        }
      >
        {panel}
      </Dialog>
    </div>
  );
}

function SortChoice({ sort = "-created_at", change }: { sort: Sort | undefined; change: ChangeFilters }) {
  return (
    <select
      aria-label="Order"
      value={sort}
      onChange={(event) => change({ sort: event.target.value as Sort })}
      className={clsx(controlClass, "max-w-56 flex-1 max-sm:max-w-none")}
    >
      {Object.entries(sorts).map(([value, label]) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}

function NothingFound({ clear }: { clear: () => void }) {
  return (
    <EmptyState
      title="No piece is like that"
      drawing={<StandIn subject="ring" />}
      action={
        <Button variant="secondary" onClick={clear}>
          Clear all filters
        </Button>
      }
    >
      Take off a filter, or search with fewer words.
    </EmptyState>
  );
}

function useListTitle({ category, seller, q, material }: ProductFilters): string {
  const categories = useQuery(categoriesQuery).data;
  const shop = useQuery({ ...sellerQuery(seller ?? ""), enabled: seller !== undefined }).data?.shop_name;
  if (seller !== undefined) return shop ?? "One maker";
  if (category?.length === 1 && !q && !material) {
    return categories?.find(({ slug }) => slug === category[0])?.name ?? "Pieces";
  }
  return "All pieces";
}
