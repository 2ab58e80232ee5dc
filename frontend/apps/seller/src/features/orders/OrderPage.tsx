/** One order, as far as it concerns the seller: their pieces, where they go, and what has happened so far. */
import type { SellerOrder } from "@carat/api-client";
import { CopyButton, Money, Skeleton } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { formatTime } from "../../app/dates";
import { PageHead } from "../../app/PageHead";
import { ProblemState } from "../../app/ProblemState";
import { addressLines } from "./address";
import { OrderLines } from "./OrderLines";
import { orderQuery } from "./queries";
import { Refunds } from "./Refunds";
import { eventName, OrderBadge } from "./status";

const route = getRouteApi("/guard/selling/orders/$id");
/** Nothing can go back of what was never paid. */
const wasPaid: string[] = ["paid", "partly_refunded", "refunded"];

export function OrderPage() {
  const { id } = route.useParams();
  const order = useQuery(orderQuery(id));
  if (order.data) return <OrderView order={order.data} />;
  if (order.isError)
    return <ProblemState error={order.error} what="order" onRetry={() => void order.refetch()} />;
  return <OrderSkeleton />;
}

function OrderView({ order }: { order: SellerOrder }) {
  return (
    <>
      <PageHead title={`Order ${order.number}`} aside={<OrderBadge status={order.status} />}>
        <Link to="/orders" className="underline-offset-4 hover:underline pointer-coarse:py-3">
          Orders
        </Link>{" "}
        · placed {formatTime(order.created_at)}
      </PageHead>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,1fr)_19rem]">
        <div className="flex flex-col gap-4">
          <Card title="Your pieces">
            <OrderLines lines={order.lines} />
            <p className="flex justify-between pt-3 text-[1.0625rem] font-semibold">
              Your total <Money value={order.total} />
            </p>
          </Card>
          {wasPaid.includes(order.status) && (
            <Card title="Refunds">
              <Refunds order={order} />
            </Card>
          )}
        </div>
        <div className="flex flex-col gap-4">
          <ShipTo order={order} />
          <Card title="What happened">
            <Timeline order={order} />
          </Card>
        </div>
      </div>
    </>
  );
}

function ShipTo({ order: { shipping_address, email } }: { order: SellerOrder }) {
  const lines = addressLines(shipping_address);
  return (
    <Card title="Ship to" action={<CopyButton text={lines.join("\n")} what="address" />}>
      <address className="not-italic">
        {lines.map((line) => (
          <span key={line} className="block">
            {line}
          </span>
        ))}
      </address>
      <p className="mt-3 border-t border-line pt-2">
        <a
          href={`mailto:${email}`}
          className="inline-flex min-h-11 items-center break-all text-accent underline underline-offset-4 lg:min-h-8"
        >
          {email}
        </a>
      </p>
    </Card>
  );
}

function Timeline({ order: { timeline } }: { order: SellerOrder }) {
  return (
    <ol className="ml-1.5 border-l border-line">
      {timeline.map(({ kind, at }) => (
        <li key={`${kind} ${at}`} className="relative pb-3 pl-4 last:pb-0">
          <span aria-hidden="true" className="absolute top-2 -left-1 size-2 rounded-full bg-accent" />
          {eventName(kind)}
          <time dateTime={at} className="block text-sm text-muted">
            {formatTime(at)}
          </time>
        </li>
      ))}
    </ol>
  );
}

function Card({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section aria-label={title} className="rounded-md border border-line bg-surface px-4 pt-3 pb-4 sm:px-5">
      <div className="mb-2 flex min-h-9 items-center justify-between gap-3">
        <h2 className="text-[0.9375rem] font-semibold">{title}</h2>
        {action}
      </div>
      {children}
    </section>
  );
}

function OrderSkeleton() {
  return (
    <div role="status" aria-label="Loading the order" className="appear-late">
      <Skeleton className="mb-8 h-9 w-56" />
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_19rem]">
        <Skeleton className="h-72" />
        <Skeleton className="h-72" />
      </div>
    </div>
  );
}
