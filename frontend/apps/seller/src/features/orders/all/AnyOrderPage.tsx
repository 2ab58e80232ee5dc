/** One order, whole: what was bought of whom, what was paid by what, and giving it back. */
import type { Order, PaidBy } from "@carat/api-client";
import { Money, type MoneyValue } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { formatTime } from "../../../app/dates";
import { PageHead } from "../../../app/PageHead";
import { ProblemState } from "../../../app/ProblemState";
import { OrderLines } from "../OrderLines";
import { Card, OrderSkeleton, ShipTo, Timeline } from "../parts";
import { anyOrder } from "../queries";
import { Refunds } from "../Refunds";
import { OrderBadge, wasPaid } from "../status";

const route = getRouteApi("/guard/administration/all-orders/$id");

const paidWith: Record<PaidBy["kind"], string> = {
  gift_card: "Gift card",
  balance: "Store balance",
  card: "Card",
};

export function AnyOrderPage() {
  const { id } = route.useParams();
  const order = useQuery(anyOrder(id));
  if (order.data) return <OrderView order={order.data} />;
  if (order.isError)
    return <ProblemState error={order.error} what="order" onRetry={() => void order.refetch()} />;
  return <OrderSkeleton />;
}

function OrderView({ order }: { order: Order }) {
  return (
    <>
      <PageHead title={`Order ${order.number}`} aside={<OrderBadge status={order.status} />}>
        <Link to="/all-orders" className="underline-offset-4 hover:underline pointer-coarse:py-3">
          All orders
        </Link>{" "}
        · placed {formatTime(order.created_at)}
      </PageHead>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,1fr)_19rem]">
        <div className="flex flex-col gap-4">
          <Card title="Pieces">
            <OrderLines lines={order.lines} by="admin" />
            <Sums order={order} />
          </Card>
          {wasPaid(order.status) && (
            <Card title="Refunds">
              <Refunds order={order} by="admin" />
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

function Sums({ order: { subtotal, discount, shipping, tax, total, paid_by, refunded } }: { order: Order }) {
  return (
    <dl className="pt-3 text-[0.9375rem]">
      <Sum name="Subtotal" value={subtotal} />
      {discount.amount > 0 && <Sum name="Discount" value={{ ...discount, amount: -discount.amount }} />}
      <Sum name="Delivery" value={shipping} />
      {tax.amount > 0 && <Sum name="Tax" value={tax} />}
      <Sum name="Total" value={total} strong />
      {paid_by.map(({ kind, amount, last4 }) => (
        <Sum
          key={`${kind} ${last4}`}
          name={last4 ? `${paidWith[kind]} …${last4}` : paidWith[kind]}
          value={amount}
          quiet
        />
      ))}
      {refunded.amount > 0 && <Sum name="Given back" value={refunded} strong />}
    </dl>
  );
}

interface SumProps {
  name: string;
  value: MoneyValue;
  strong?: boolean;
  quiet?: boolean;
}

function Sum({ name, value, strong, quiet }: SumProps) {
  const look = strong ? "text-[1.0625rem] font-semibold" : quiet ? "text-sm text-muted" : "";
  return (
    <div className={`flex justify-between gap-4 py-0.5 ${look}`}>
      <dt>{name}</dt>
      <dd>
        <Money value={value} />
      </dd>
    </div>
  );
}
