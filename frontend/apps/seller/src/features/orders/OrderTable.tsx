/** Orders as a table, and where there is little room as cards of the same rows. The number's link covers its whole row. */
import type { SellerOrder } from "@carat/api-client";
import { Money, Skeleton } from "@carat/ui";
import { Link } from "@tanstack/react-router";
import { formatTime } from "../../app/dates";
import { moveThroughRows } from "../../app/row-keys";
import { OrderBadge } from "./status";

const head = "px-3 py-2 text-left text-[0.8125rem] font-medium text-muted";
const cell = "@3xl:px-3 @3xl:py-2.5 align-middle";

export function OrderTable({ orders }: { orders: SellerOrder[] }) {
  return (
    <div className="@container">
      <table className="w-full text-[0.9375rem] @max-3xl:block" onKeyDown={moveThroughRows}>
        <caption className="sr-only">Orders. Arrow keys move through the rows, Enter opens one.</caption>
        <thead className="border-b border-line @max-3xl:hidden">
          <tr>
            <th scope="col" className={`${head} w-24 pl-0`}>
              Number
            </th>
            <th scope="col" className={`${head} w-44`}>
              Placed
            </th>
            <th scope="col" className={head}>
              Pieces
            </th>
            <th scope="col" className={`${head} w-28`}>
              City
            </th>
            <th scope="col" className={`${head} w-36`}>
              Status
            </th>
            <th scope="col" className={`${head} w-32 text-right!`}>
              Your total
            </th>
          </tr>
        </thead>
        <tbody className="@max-3xl:block">
          {orders.map((order) => (
            <OrderRow key={order.id} order={order} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function OrderRow({ order }: { order: SellerOrder }) {
  const { id, number, created_at, lines, shipping_address, status, total } = order;
  return (
    <tr className="relative border-b border-line hover:bg-tile/50 @max-3xl:grid @max-3xl:grid-cols-[minmax(0,1fr)_auto] @max-3xl:gap-x-4 @max-3xl:py-3">
      <td className={`${cell} @3xl:pl-0`}>
        <Link
          to="/orders/$id"
          params={{ id }}
          data-row
          className="font-medium whitespace-nowrap after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          {number}
        </Link>
      </td>
      <td
        className={`${cell} text-muted @max-3xl:col-start-1 @max-3xl:row-start-3 @max-3xl:text-[0.8125rem]`}
      >
        <time dateTime={created_at}>{formatTime(created_at)}</time>
      </td>
      <td className={`${cell} @max-3xl:col-start-1 @max-3xl:row-start-2`}>{pieces(order)}</td>
      <td
        className={`${cell} @max-3xl:col-start-2 @max-3xl:row-start-3 @max-3xl:text-right @max-3xl:text-[0.8125rem]`}
      >
        {shipping_address?.city ?? "By mail"}
      </td>
      <td className={`${cell} @max-3xl:col-start-2 @max-3xl:row-start-2 @max-3xl:text-right`}>
        <OrderBadge status={status} />
      </td>
      <td className={`${cell} text-right @max-3xl:col-start-2 @max-3xl:row-start-1`}>
        <Money value={total} className="font-medium" />
        <span className="sr-only">, {lines.length === 1 ? "one line" : `${lines.length} lines`}</span>
      </td>
    </tr>
  );
}

/** What was bought, in few words. */
function pieces({ lines }: SellerOrder): string {
  const [first, ...others] = lines;
  if (!first) return "";
  const start = first.quantity > 1 ? `${first.quantity} × ${first.title}` : first.title;
  return others.length > 0 ? `${start} and ${others.length} more` : start;
}

export function OrderTableSkeleton({ rows }: { rows: number }) {
  return (
    <div role="status" aria-label="Loading the orders" className="appear-late">
      {Array.from({ length: rows }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: equal blocks.
        <div key={at} className="flex items-center gap-6 border-b border-line py-3.5">
          <Skeleton className="h-4 w-20" />
          <Skeleton className="h-4 flex-1" />
          <Skeleton className="h-4 w-24" />
        </div>
      ))}
    </div>
  );
}
