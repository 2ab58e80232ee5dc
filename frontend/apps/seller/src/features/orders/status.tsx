/** The states of an order, and what happened to it, in the words of those who sell. */
import type { OrderStatus, SellerOrder } from "@carat/api-client";
import { Badge, type Tone } from "@carat/ui";

const looks: Record<string, [name: string, tone: Tone]> = {
  pending_payment: ["Awaiting payment", "warning"],
  paid: ["Paid", "success"],
  cancelled: ["Cancelled", "neutral"],
  expired: ["Expired", "neutral"],
  partly_refunded: ["Partly refunded", "accent"],
  refunded: ["Refunded", "neutral"],
};

const events: Record<string, string> = {
  placed: "Order placed",
  paid: "Paid",
  payment_held: "Held for review",
  refunded: "Given back",
  refund_failed: "Did not arrive",
  payment_failed: "A payment failed",
  cancelled: "Cancelled",
  expired: "Expired without payment",
  disputed: "Disputed at the customer's bank",
  dispute_won: "Dispute won",
  dispute_lost: "Dispute lost",
};

/** The code as words, for a state that this app does not know yet. */
function inWords(code: string): string {
  return code.charAt(0).toUpperCase() + code.slice(1).replaceAll("_", " ");
}

export function statusName(status: OrderStatus): string {
  return looks[status]?.[0] ?? inWords(status);
}

/** Nothing can go back of what was never paid. */
export function wasPaid(status: OrderStatus): boolean {
  return ["paid", "partly_refunded", "refunded"].includes(status);
}

export function eventName(kind: SellerOrder["timeline"][number]["kind"]): string {
  return events[kind] ?? inWords(kind);
}

export function OrderBadge({ status }: { status: OrderStatus }) {
  return <Badge tone={looks[status]?.[1] ?? "neutral"}>{statusName(status)}</Badge>;
}
