/** The parts of an order's page that sellers and admins share. */
import type { SellerOrder } from "@carat/api-client";
import { CopyButton, Money, Skeleton } from "@carat/ui";
import type { ReactNode } from "react";
import { formatTime } from "../../app/dates";
import { addressLines } from "./address";
import { eventName } from "./status";

export function ShipTo({
  order: { shipping_address, email },
}: {
  order: Pick<SellerOrder, "shipping_address" | "email">;
}) {
  const lines = shipping_address && addressLines(shipping_address);
  return (
    <Card
      title={lines ? "Ship to" : "Nothing to ship"}
      action={lines && <CopyButton text={lines.join("\n")} what="address" />}
    >
      {lines ? (
        <address className="not-italic">
          {lines.map((line) => (
            <span key={line} className="block">
              {line}
            </span>
          ))}
        </address>
      ) : (
        <p>The gift cards are mailed to whom they are for.</p>
      )}
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

export function Timeline({ order: { timeline } }: { order: Pick<SellerOrder, "timeline"> }) {
  return (
    <ol className="ml-1.5 border-l border-line">
      {timeline.map(({ kind, at, amount }) => (
        <li key={`${kind} ${at}`} className="relative pb-3 pl-4 last:pb-0">
          <span aria-hidden="true" className="absolute top-2 -left-1 size-2 rounded-full bg-accent" />
          {eventName(kind)} {amount && <Money value={amount} />}
          <time dateTime={at} className="block text-sm text-muted">
            {formatTime(at)}
          </time>
        </li>
      ))}
    </ol>
  );
}

export function Card({
  title,
  action,
  children,
}: {
  title: string;
  action?: ReactNode;
  children: ReactNode;
}) {
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

export function OrderSkeleton() {
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
