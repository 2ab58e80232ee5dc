/** Gift cards as a table, and where there is little room as slips of the same rows. The card's link covers its whole row. */
import type { GiftCard } from "@carat/api-client";
import { Money, Skeleton } from "@carat/ui";
import { Link } from "@tanstack/react-router";
import { formatDay } from "../../app/dates";
import { moveThroughRows } from "../../app/row-keys";
import { StatusBadge } from "./StatusBadge";
import { callName, goodUntil } from "./words";

const head = "px-3 py-2 text-left text-[0.8125rem] font-medium text-muted";
const cell = "@3xl:px-3 @3xl:py-2.5 align-middle";

export function CardTable({ cards }: { cards: GiftCard[] }) {
  return (
    <div className="@container">
      <table className="w-full table-fixed text-[0.9375rem] @max-3xl:block" onKeyDown={moveThroughRows}>
        <caption className="sr-only">Gift cards. Arrow keys move through the rows, Enter opens one.</caption>
        <thead className="border-b border-line @max-3xl:hidden">
          <tr>
            <th scope="col" className={`${head} pl-0`}>
              Card
            </th>
            <th scope="col" className={`${head} w-28 text-right`}>
              Value
            </th>
            <th scope="col" className={`${head} w-28 text-right`}>
              Left
            </th>
            <th scope="col" className={`${head} w-28`}>
              Status
            </th>
            <th scope="col" className={`${head} w-32`}>
              Good until
            </th>
            <th scope="col" className={`${head} w-32`}>
              Issued
            </th>
          </tr>
        </thead>
        <tbody className="@max-3xl:block">
          {cards.map((card) => (
            <CardRow key={card.id} card={card} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function CardRow({ card }: { card: GiftCard }) {
  const { id, value, balance, status, recipient_email, expires_at, created_at } = card;
  return (
    <tr className="relative border-b border-line hover:bg-tile/50 @max-3xl:grid @max-3xl:grid-cols-[minmax(0,1fr)_auto] @max-3xl:gap-x-4 @max-3xl:py-3">
      <td className={`${cell} @3xl:pl-0`}>
        <Link
          to="/gift-cards/$id"
          params={{ id }}
          data-row
          className="block truncate font-mono font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          {callName(card)}
        </Link>
        {recipient_email && (
          <span className="block truncate text-[0.8125rem] text-muted">{recipient_email}</span>
        )}
      </td>
      <td className={`${cell} text-right @max-3xl:hidden`}>
        <Money value={value} />
      </td>
      <td className={`${cell} text-right @max-3xl:col-start-2 @max-3xl:row-start-1`}>
        <Money value={balance} className={balance.amount === 0 ? "text-muted" : undefined} />
        {balance.amount !== value.amount && (
          <span className="block text-[0.8125rem] text-muted @3xl:hidden">
            of <Money value={value} />
          </span>
        )}
      </td>
      <td className={`${cell} @max-3xl:col-start-2 @max-3xl:row-start-2 @max-3xl:mt-1 @max-3xl:text-right`}>
        <StatusBadge status={status} />
      </td>
      <td
        className={`${cell} whitespace-nowrap @max-3xl:col-start-1 @max-3xl:row-start-2 @max-3xl:mt-1 @max-3xl:text-[0.8125rem] @max-3xl:text-muted`}
      >
        {expires_at ? (
          <>
            <span className="@3xl:hidden">Until </span>
            {goodUntil(expires_at)}
          </>
        ) : (
          <span className="text-muted">No end</span>
        )}
      </td>
      <td className={`${cell} whitespace-nowrap text-muted @max-3xl:hidden`}>
        <time dateTime={created_at}>{formatDay(created_at)}</time>
      </td>
    </tr>
  );
}

export function CardTableSkeleton({ rows }: { rows: number }) {
  return (
    <div role="status" aria-label="Loading the gift cards" className="appear-late">
      {Array.from({ length: rows }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: equal blocks.
        <div key={at} className="flex items-center gap-6 border-b border-line py-3">
          <div className="flex-1">
            <Skeleton className="h-4 w-1/4" />
            <Skeleton className="mt-2 h-3 w-2/5" />
          </div>
          <Skeleton className="h-4 w-20" />
          <Skeleton className="h-4 w-24 max-sm:hidden" />
        </div>
      ))}
    </div>
  );
}
