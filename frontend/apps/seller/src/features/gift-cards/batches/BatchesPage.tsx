/** The batches of gift cards, the newest first: what they are for, how far they are, and whether their codes were downloaded. */
import type { GiftCardBatch } from "@carat/api-client";
import { Badge, buttonClass, EmptyState, Money, Skeleton } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Gift } from "lucide-react";
import { formatDay } from "../../../app/dates";
import { PageHead } from "../../../app/PageHead";
import { Pager } from "../../../app/Pager";
import { ProblemState } from "../../../app/ProblemState";
import { moveThroughRows } from "../../../app/row-keys";
import { batchList } from "../queries";
import { cardCount } from "../words";
import { BatchBadge } from "./BatchBadge";

const route = getRouteApi("/guard/administration/gift-cards/batches");

export function BatchesPage() {
  const search = route.useSearch();
  return (
    <>
      <PageHead
        title="Batches of gift cards"
        actions={
          <Link to="/gift-cards/issue" className={buttonClass()}>
            <Gift aria-hidden="true" size={18} /> Issue gift cards
          </Link>
        }
      >
        <Link to="/gift-cards" search={{}} className="underline-offset-4 hover:underline pointer-coarse:py-3">
          Gift cards
        </Link>{" "}
        · more than a hundred at once
      </PageHead>
      <BatchList search={search} />
    </>
  );
}

function BatchList({ search }: { search: { cursor?: string } }) {
  const list = useQuery(batchList(search));
  if (list.isPending) return <Skeleton className="h-40" />;
  if (list.isError) return <ProblemState error={list.error} onRetry={() => void list.refetch()} />;
  const { data, next_cursor } = list.data;
  if (data.length === 0) {
    return (
      <EmptyState title={search.cursor ? "Nothing more here" : "No batches yet"}>
        Issue more than a hundred gift cards at once, and they are listed here together.
      </EmptyState>
    );
  }
  return (
    <>
      <ul onKeyDown={moveThroughRows} className="border-t border-line">
        {data.map((batch) => (
          <BatchRow key={batch.id} batch={batch} />
        ))}
      </ul>
      <Pager
        shown={data.length}
        noun={data.length === 1 ? "batch" : "batches"}
        cursor={search.cursor}
        next={next_cursor}
      />
    </>
  );
}

function BatchRow({ batch }: { batch: GiftCardBatch }) {
  const { id, quantity, issued, value, note, status, disabled_at, created_at } = batch;
  return (
    <li className="relative flex flex-wrap items-center gap-x-6 gap-y-1 border-b border-line px-1 py-3 hover:bg-tile/50">
      <div className="min-w-0 flex-1 basis-56">
        <Link
          to="/gift-cards/batches/$id"
          params={{ id }}
          data-row
          className="block truncate font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          {cardCount(quantity)} of <Money value={value} />
        </Link>
        <span className="block truncate text-[0.8125rem] text-muted">
          {note ?? <time dateTime={created_at}>{formatDay(created_at)}</time>}
          {note && `, ${formatDay(created_at)}`}
        </span>
      </div>
      {status === "issuing" && (
        <span className="text-sm text-muted tabular-nums">
          {issued.toLocaleString()} of {quantity.toLocaleString()}
        </span>
      )}
      <span className="flex flex-wrap gap-1.5">
        {disabled_at && <Badge tone="danger">Disabled</Badge>}
        <BatchBadge status={status} />
      </span>
    </li>
  );
}
