/** Everybody's orders as a table, and where there is little room as slips of the same rows. */
import type { Order } from "@carat/api-client";
import { Money } from "@carat/ui";
import { Link } from "@tanstack/react-router";
import { formatTime } from "../../../app/dates";
import { moveThroughRows } from "../../../app/row-keys";
import { OrderBadge } from "../status";

const head = "px-3 py-2 text-left text-[0.8125rem] font-medium text-muted";
const cell = "@3xl:px-3 @3xl:py-2.5 align-middle";

export function AllOrdersTable({ orders }: { orders: Order[] }) {
  return (
    <div className="@container">
      <table className="w-full table-fixed text-[0.9375rem] @max-3xl:block" onKeyDown={moveThroughRows}>
        <caption className="sr-only">Orders. Arrow keys move through the rows, Enter opens one.</caption>
        <thead className="border-b border-line @max-3xl:hidden">
          <tr>
            <th scope="col" className={`${head} w-40 pl-0`}>
              Number
            </th>
            <th scope="col" className={head}>
              Customer
            </th>
            <th scope="col" className={`${head} w-44`}>
              Placed
            </th>
            <th scope="col" className={`${head} w-40`}>
              Status
            </th>
            <th scope="col" className={`${head} w-32 text-right!`}>
              Total
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

function OrderRow({ order: { id, number, email, created_at, status, total } }: { order: Order }) {
  return (
    <tr className="relative border-b border-line hover:bg-tile/50 @max-3xl:grid @max-3xl:grid-cols-[minmax(0,1fr)_auto] @max-3xl:gap-x-4 @max-3xl:py-3">
      <td className={`${cell} @3xl:pl-0`}>
        <Link
          to="/all-orders/$id"
          params={{ id }}
          data-row
          className="font-medium whitespace-nowrap after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          {number}
        </Link>
      </td>
      <td className={`${cell} truncate @max-3xl:col-start-1 @max-3xl:row-start-2`}>{email}</td>
      <td
        className={`${cell} whitespace-nowrap text-muted @max-3xl:col-start-1 @max-3xl:row-start-3 @max-3xl:text-[0.8125rem]`}
      >
        <time dateTime={created_at}>{formatTime(created_at)}</time>
      </td>
      <td className={`${cell} @max-3xl:col-start-2 @max-3xl:row-start-2 @max-3xl:text-right`}>
        <OrderBadge status={status} />
      </td>
      <td className={`${cell} text-right @max-3xl:col-start-2 @max-3xl:row-start-1`}>
        <Money value={total} className="font-medium" />
      </td>
    </tr>
  );
}
