/** One order, as far as it concerns the seller: their pieces, where they go, and what has happened so far. */
import type { SellerOrder } from "@carat/api-client";
import { Money } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { formatTime } from "../../app/dates";
import { PageHead } from "../../app/PageHead";
import { ProblemState } from "../../app/ProblemState";
import { OrderLines } from "./OrderLines";
import { Card, OrderSkeleton, ShipTo, Timeline } from "./parts";
import { orderQuery } from "./queries";
import { Refunds } from "./Refunds";
import { OrderBadge, wasPaid } from "./status";

const route = getRouteApi("/guard/selling/orders/$id");

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
            <OrderLines lines={order.lines} by="seller" />
            <p className="flex justify-between pt-3 text-[1.0625rem] font-semibold">
              Your total <Money value={order.total} />
            </p>
          </Card>
          {wasPaid(order.status) && (
            <Card title="Refunds">
              <Refunds order={order} by="seller" />
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
