/** Which products are gift cards, of whatever seller, and which could be: admins decide it. All of it stands in the address. */
import type { Product } from "@carat/api-client";
import { buttonClass, EmptyState } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import clsx from "clsx";
import { useState } from "react";
import { PageHead } from "../../../app/PageHead";
import { Pager } from "../../../app/Pager";
import { ProblemState } from "../../../app/ProblemState";
import { SearchBox } from "../../../app/SearchBox";
import { Tabs, tabClass } from "../../../app/Tabs";
import { DecideDialog } from "./DecideDialog";
import { GiftProductRows, GiftProductRowsSkeleton } from "./GiftProductRows";
import type { GiftProductSearch } from "./list-search";
import { giftProductList } from "./queries";

const route = getRouteApi("/guard/administration/gift-cards/products");
const page = "/gift-cards/products";

export function GiftProductsPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  return (
    <>
      <PageHead title="Gift cards on sale">
        <Link to="/gift-cards" search={{}} className="underline-offset-4 hover:underline pointer-coarse:py-3">
          Gift cards
        </Link>{" "}
        · products that customers buy as gift cards, each worth what it costs
      </PageHead>
      <div className="mb-3">
        <SearchBox
          q={search.q}
          label="Search the products of all shops"
          onSearch={(q) => {
            // Another search begins at its own first page.
            const { cursor: _, q: __, ...filters } = search;
            void navigate({ to: page, search: { ...filters, ...(q && { q }) }, replace: true });
          }}
        />
      </div>
      <KindTabs search={search} />
      <ProductList key={search.of ?? "gift-cards"} search={search} />
    </>
  );
}

function KindTabs({ search: { q, of } }: { search: GiftProductSearch }) {
  const kept = q ? { q } : {};
  return (
    <Tabs label="Which products">
      {[undefined, "others" as const].map((kind) => (
        <Link
          key={kind ?? "gift-cards"}
          to={page}
          search={{ ...kept, ...(kind && { of: kind }) }}
          aria-current={kind === of ? "page" : undefined}
          activeOptions={{ exact: true, includeSearch: true }}
          className={tabClass}
        >
          {kind ? "Other products" : "Gift cards"}
        </Link>
      ))}
    </Tabs>
  );
}

function ProductList({ search }: { search: GiftProductSearch }) {
  const list = useQuery(giftProductList(search));
  const [asked, setAsked] = useState<Product>();
  if (list.isPending) return <GiftProductRowsSkeleton />;
  if (list.isError) return <ProblemState error={list.error} onRetry={() => void list.refetch()} />;
  const { data, next_cursor } = list.data;
  return (
    <div className={clsx("transition-opacity delay-150", list.isPlaceholderData && "opacity-50")}>
      {data.length === 0 ? (
        <NoProducts search={search} />
      ) : (
        <>
          <GiftProductRows products={data} onDecide={setAsked} />
          <Pager
            shown={data.length}
            noun={data.length === 1 ? "product" : "products"}
            cursor={search.cursor}
            next={next_cursor}
          />
        </>
      )}
      <DecideDialog product={asked} onClose={() => setAsked(undefined)} />
    </div>
  );
}

function NoProducts({ search: { q, of, cursor } }: { search: GiftProductSearch }) {
  const all = of ? { of } : {};
  if (q || cursor) {
    return (
      <EmptyState
        title={cursor ? "Nothing more here" : of ? "No such product" : "No such gift card on sale"}
        action={
          <Link to={page} search={all} className={buttonClass({ variant: "secondary" })}>
            {of ? "Show all other products" : "Show all gift cards on sale"}
          </Link>
        }
      >
        {q && !of ? (
          <>
            No gift card on sale has “{q}” in its title.{" "}
            <Link to={page} search={{ q, of: "others" }} className="underline underline-offset-4">
              Look among the other products
            </Link>
          </>
        ) : (
          q && `No product that is not a gift card has “${q}” in its title.`
        )}
      </EmptyState>
    );
  }
  return of ? (
    <EmptyState title="No other products">What sellers put on sale is listed here.</EmptyState>
  ) : (
    <EmptyState
      title="No gift cards on sale yet"
      action={
        <Link to={page} search={{ of: "others" }} className={buttonClass({ variant: "secondary" })}>
          Choose a product
        </Link>
      }
    >
      A seller makes a product with a price for each value; you make it a gift card here.
    </EmptyState>
  );
}
