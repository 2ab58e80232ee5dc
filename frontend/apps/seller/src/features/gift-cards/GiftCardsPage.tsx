/** All gift cards: what the shop owes for them, and each one, searched, filtered, page by page. All of it stands in the address. */
import { buttonClass, EmptyState } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import clsx from "clsx";
import { Gift, Layers, Store } from "lucide-react";
import { PageHead } from "../../app/PageHead";
import { Pager } from "../../app/Pager";
import { ProblemState } from "../../app/ProblemState";
import { SearchBox } from "../../app/SearchBox";
import { Tabs, tabClass } from "../../app/Tabs";
import { CardTable, CardTableSkeleton } from "./CardTable";
import { Liability } from "./Liability";
import { type CardSearch, cardStatuses } from "./list-search";
import { cardList } from "./queries";
import { statusNames } from "./words";

const route = getRouteApi("/guard/administration/gift-cards");

export function GiftCardsPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  return (
    <>
      <PageHead
        title="Gift cards"
        actions={
          <>
            <Link to="/gift-cards/products" className={buttonClass({ variant: "secondary" })}>
              <Store aria-hidden="true" size={18} /> On sale
            </Link>
            <Link to="/gift-cards/batches" className={buttonClass({ variant: "secondary" })}>
              <Layers aria-hidden="true" size={18} /> Batches
            </Link>
            <Link to="/gift-cards/issue" className={buttonClass()}>
              <Gift aria-hidden="true" size={18} /> Issue gift cards
            </Link>
          </>
        }
      />
      <Liability />
      <div className="mb-3">
        <SearchBox
          q={search.q}
          label="Search the code's end or an e-mail"
          onSearch={(q) => {
            // Another search begins at its own first page.
            const { cursor: _, ...filters } = search;
            void navigate({ to: "/gift-cards", search: { ...filters, q }, replace: true });
          }}
        />
      </div>
      {search.batch && (
        <p className="mb-3 text-[0.9375rem] text-muted">
          Only the cards of{" "}
          <Link
            to="/gift-cards/batches/$id"
            params={{ id: search.batch }}
            className="underline underline-offset-4"
          >
            one batch
          </Link>
          .{" "}
          <Link to="/gift-cards" search={{}} className="underline underline-offset-4">
            Show all gift cards
          </Link>
        </p>
      )}
      <StatusTabs search={search} />
      <CardList search={search} />
    </>
  );
}

function StatusTabs({ search: { cursor: _, status: chosen, ...kept } }: { search: CardSearch }) {
  return (
    <Tabs label="Status">
      {[undefined, ...cardStatuses].map((status) => (
        <Link
          key={status ?? "all"}
          to="/gift-cards"
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

function CardList({ search }: { search: CardSearch }) {
  const list = useQuery(cardList(search));
  if (list.isPending) return <CardTableSkeleton rows={8} />;
  if (list.isError) return <ProblemState error={list.error} onRetry={() => void list.refetch()} />;
  const { data, next_cursor } = list.data;
  if (data.length === 0) return <NoCards search={search} />;
  return (
    <div className={clsx("transition-opacity delay-150", list.isPlaceholderData && "opacity-50")}>
      <CardTable cards={data} />
      <Pager
        shown={data.length}
        noun={data.length === 1 ? "gift card" : "gift cards"}
        cursor={search.cursor}
        next={next_cursor}
      />
    </div>
  );
}

function NoCards({ search }: { search: CardSearch }) {
  if (Object.keys(search).length === 0) {
    return <EmptyState title="No gift cards yet">Those that you issue are listed here.</EmptyState>;
  }
  return (
    <EmptyState
      title={search.cursor ? "Nothing more here" : "No such gift card"}
      action={
        <Link to="/gift-cards" search={{}} className={buttonClass({ variant: "secondary" })}>
          Show all gift cards
        </Link>
      }
    >
      {search.q
        ? `No code ends with “${search.q}”, and no recipient's address has it, with these filters.`
        : "Not with these filters."}
    </EmptyState>
  );
}
