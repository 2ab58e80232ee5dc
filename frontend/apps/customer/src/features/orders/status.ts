/** The states of an order in words. */
import type { Order, OrderStatus } from "@carat/api-client";
import type { Tone } from "@carat/ui";

export const statuses: Record<OrderStatus, { label: string; tone: Tone }> = {
  pending_payment: { label: "Waiting for payment", tone: "warning" },
  paid: { label: "Paid", tone: "success" },
  cancelled: { label: "Cancelled", tone: "neutral" },
  expired: { label: "Expired", tone: "neutral" },
  partly_refunded: { label: "Partly refunded", tone: "accent" },
  refunded: { label: "Refunded", tone: "neutral" },
};

const events: Record<string, string> = {
  placed: "Order placed",
  paid: "Payment received",
  payment_failed: "Payment did not go through",
  payment_held: "We are looking at your payment",
  cancelled: "Order cancelled",
  expired: "Not paid in time; the pieces are back on sale",
  refunded: "Refunded",
  refund_failed: "A refund did not reach your card; the shop knows",
  disputed: "You disputed the payment at your bank",
  dispute_won: "Your bank gave the money back to the shop",
  dispute_lost: "Your bank settled the dispute for you",
};

export function eventText(kind: string): string {
  return events[kind] ?? kind.replaceAll("_", " ");
}

/** Whether the order ended because its payment failed. */
export function paymentFailed({ status, timeline }: Order): boolean {
  return status === "cancelled" && timeline.at(-1)?.kind === "payment_failed";
}

/** Whether its money is promised, and somebody looks at the payment before it is taken. */
export function isHeld({ status, payment }: Pick<Order, "status" | "payment">): boolean {
  return status === "pending_payment" && payment?.status === "held";
}

/** What of an order that waits is not yet held of gift cards and balance. */
export function leftToPay({ total, paid_by }: Pick<Order, "total" | "paid_by">): Order["total"] {
  const held = paid_by.reduce((sum, { amount }) => sum + amount.amount, 0);
  return { amount: total.amount - held, currency: total.currency };
}

export function formatTime(time: string): string {
  return new Date(time).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

export function formatDate(time: string): string {
  return new Date(time).toLocaleDateString(undefined, { dateStyle: "long" });
}
