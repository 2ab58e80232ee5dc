/** Payments as a table, and where there is little room as slips of the same rows. One that is held has its decision below. */
import type { AdminPayment } from "@carat/api-client";
import { Badge, Money, Skeleton } from "@carat/ui";
import { formatTime } from "../../app/dates";
import { Decision } from "./Decision";
import { TopUpRefunds } from "./TopUpRefunds";
import { awaitsDecision, isPaidIn, statusNames, statusTones, whatIsPaid, whyHeld } from "./words";

const head = "px-3 py-2 text-left text-[0.8125rem] font-medium text-muted";
const cell = "@3xl:px-3 @3xl:pt-2.5 align-top";

export function PaymentTable({ payments }: { payments: AdminPayment[] }) {
  return (
    <div className="@container">
      <table className="w-full table-fixed text-[0.9375rem] @max-3xl:block">
        <caption className="sr-only">Payments, the newest first.</caption>
        <thead className="border-b border-line @max-3xl:hidden">
          <tr>
            <th scope="col" className={`${head} pl-0`}>
              Customer
            </th>
            <th scope="col" className={`${head} w-44`}>
              For
            </th>
            <th scope="col" className={`${head} w-32 text-right`}>
              Amount
            </th>
            <th scope="col" className={`${head} w-28`}>
              Status
            </th>
            <th scope="col" className={`${head} w-44`}>
              When
            </th>
          </tr>
        </thead>
        {payments.map((payment) => (
          <PaymentRows key={payment.id} payment={payment} />
        ))}
      </table>
    </div>
  );
}

function PaymentRows({ payment }: { payment: AdminPayment }) {
  const { amount, status, email, created_at, review } = payment;
  return (
    <tbody className="border-b border-line @max-3xl:block @max-3xl:py-3 @3xl:[&>tr:last-child>td]:pb-2.5">
      <tr className="@max-3xl:grid @max-3xl:grid-cols-[minmax(0,1fr)_auto] @max-3xl:gap-x-4">
        <td className={`${cell} truncate font-medium @3xl:pl-0`}>{email ?? "A deleted account"}</td>
        <td className={`${cell} truncate text-muted @max-3xl:col-start-1 @max-3xl:text-[0.8125rem]`}>
          {whatIsPaid(payment)}
        </td>
        <td className={`${cell} text-right @max-3xl:col-start-2 @max-3xl:row-start-1`}>
          <Money value={amount} />
        </td>
        <td className={`${cell} @max-3xl:col-start-2 @max-3xl:row-start-2 @max-3xl:text-right`}>
          <Badge tone={statusTones[status]}>{statusNames[status]}</Badge>
        </td>
        <td className={`${cell} whitespace-nowrap text-muted @max-3xl:col-start-1 @max-3xl:text-[0.8125rem]`}>
          <time dateTime={created_at}>{formatTime(created_at)}</time>
        </td>
      </tr>
      {isPaidIn(payment) && (
        <tr className="@max-3xl:block">
          <td colSpan={5} className="@max-3xl:block @max-3xl:pt-2 @3xl:pt-1.5">
            <TopUpRefunds payment={payment} />
          </td>
        </tr>
      )}
      {review && (
        <tr className="@max-3xl:block">
          <td colSpan={5} className="@max-3xl:block @max-3xl:pt-2 @3xl:pt-1.5">
            <p className="text-[0.875rem]">
              <span className="text-muted">Why it is looked at: </span>
              {whyHeld(review.reasons)}.
            </p>
            {awaitsDecision(payment) ? (
              <Decision payment={payment} decideBefore={review.decide_before} />
            ) : (
              <p className="text-[0.875rem] text-muted">{decided(review)}</p>
            )}
          </td>
        </tr>
      )}
    </tbody>
  );
}

function decided({ status, decided_at, decided_by }: NonNullable<AdminPayment["review"]>): string {
  if (status === "open" || !decided_at) return "The customer has not paid, so there is nothing to decide.";
  const what = status === "approved" ? "Approved" : "Rejected";
  return `${what} on ${formatTime(decided_at)}${decided_by ? "" : ", since nobody had decided in time"}.`;
}

export function PaymentTableSkeleton({ rows }: { rows: number }) {
  return (
    <div role="status" aria-label="Loading the payments" className="appear-late">
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
