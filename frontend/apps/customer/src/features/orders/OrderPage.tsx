/** One order: where it stands, what is in it, and what can still be done. Also the page to which the payment page returns. */
import { type Order, toProblem } from "@carat/api-client";
import { Badge, ErrorState, Skeleton } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { NotFoundPage } from "../../app/NotFoundPage";
import { usePageTitle } from "../../app/page-title";
import { Gifts } from "./Gifts";
import { OrderActions } from "./OrderActions";
import { OrderFacts } from "./OrderFacts";
import { OrderLines } from "./OrderLines";
import { OrderNotice } from "./OrderNotice";
import { orderQuery, pollingInterval } from "./queries";
import { formatDate, isHeld, statuses } from "./status";

const route = getRouteApi("/orders/$id");

export function OrderPage() {
  const { id } = route.useParams();
  const { token, paid } = route.useSearch();
  const [opened] = useState(Date.now);
  const justPaid = paid !== undefined;
  const {
    data: order,
    error,
    refetch,
  } = useQuery({
    ...orderQuery(id, token),
    refetchInterval: ({ state }) => pollingInterval(state.data, justPaid, Date.now() - opened),
  });
  usePageTitle(order && `Order ${order.number}`);

  if (order) return <OrderView order={order} token={token} justPaid={justPaid} opened={opened} />;
  if (!error) return <OrderSkeleton />;
  const problem = toProblem(error);
  if (problem.status === 404 || problem.status === 401) return <NotFoundPage what="order" />;
  return (
    <ErrorState message={problem.message} requestId={problem.requestId} onRetry={() => void refetch()} />
  );
}

interface Props {
  order: Order;
  token: string | undefined;
  justPaid: boolean;
  opened: number;
}

function OrderView({ order, token, justPaid, opened }: Props) {
  const held = isHeld(order);
  const confirming = justPaid && order.status === "pending_payment" && !held;
  const badge = held ? { label: "We are looking at it", tone: "neutral" as const } : statuses[order.status];
  return (
    <div className="shell max-w-5xl pt-8 sm:pt-14">
      <p className="text-muted">Placed on {formatDate(order.created_at)}</p>
      <div className="mt-1 flex flex-wrap items-center gap-x-5 gap-y-2">
        <h1 className="font-display text-display">
          Order <span className="whitespace-nowrap max-[22rem]:whitespace-normal">{order.number}</span>
        </h1>
        <span role="status">
          <Badge tone={confirming ? "neutral" : badge.tone}>
            {confirming ? "Confirming payment" : badge.label}
          </Badge>
        </span>
      </div>
      <OrderNotice order={order} justPaid={justPaid} opened={opened} />
      <OrderActions order={order} token={token} confirming={confirming} />
      <div className="mt-10 grid gap-x-16 gap-y-10 lg:grid-cols-[1fr_20rem]">
        <div className="flex min-w-0 flex-col gap-10">
          <OrderLines order={order} />
          {order.lines.some(({ gift }) => gift) && <Gifts order={order} token={token} />}
        </div>
        <OrderFacts order={order} />
      </div>
    </div>
  );
}

function OrderSkeleton() {
  return (
    <div className="shell max-w-5xl pt-8 sm:pt-14" role="status" aria-label="Loading the order">
      <Skeleton className="h-5 w-48" />
      <Skeleton className="mt-3 h-16 w-80" />
      <Skeleton className="mt-12 h-32 w-full" />
      <Skeleton className="mt-4 h-32 w-full" />
    </div>
  );
}
