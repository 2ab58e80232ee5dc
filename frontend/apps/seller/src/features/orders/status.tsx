/** The states of an order, and what happened to it, in the seller's words. */
import type { OrderStatus, SellerOrder } from "@carat/api-client";
import { Badge, type Tone } from "@carat/ui";

const looks: Record<OrderStatus, [name: string, tone: Tone]> = {
  pending_payment: ["Awaiting payment", "warning"],
  paid: ["Paid", "success"],
  partly_fulfilled: ["Partly sent", "accent"],
  fulfilled: ["Sent", "accent"],
  delivered: ["Delivered", "accent"],
  cancelled: ["Cancelled", "neutral"],
  expired: ["Expired", "neutral"],
  partly_refunded: ["Partly refunded", "neutral"],
  refunded: ["Refunded", "neutral"],
};

const events: Record<SellerOrder["timeline"][number]["kind"], string> = {
  placed: "Order placed",
  paid: "Paid",
  payment_failed: "A payment failed",
  cancelled: "Cancelled",
  expired: "Expired without payment",
};

export function statusName(status: OrderStatus): string {
  return looks[status][0];
}

export function eventName(kind: SellerOrder["timeline"][number]["kind"]): string {
  return events[kind] ?? kind;
}

export function OrderBadge({ status }: { status: OrderStatus }) {
  const [name, tone] = looks[status];
  return <Badge tone={tone}>{name}</Badge>;
}
