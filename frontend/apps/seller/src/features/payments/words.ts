/** What is said about payments: where they stand, what they pay, and why one is held. */
import type { AdminPayment, PaymentStatus, TopUpRefund } from "@carat/api-client";
import type { MoneyValue, Tone } from "@carat/ui";

export const statusNames: Record<PaymentStatus, string> = {
  held: "Held",
  pending: "Pending",
  succeeded: "Succeeded",
  partly_refunded: "Partly refunded",
  refunded: "Refunded",
  failed: "Failed",
  cancelled: "Cancelled",
};

export const statusTones: Record<PaymentStatus, Tone> = {
  held: "warning",
  pending: "neutral",
  succeeded: "success",
  partly_refunded: "neutral",
  refunded: "neutral",
  failed: "danger",
  cancelled: "neutral",
};

const reasons: Record<string, string> = {
  declines: "declined again and again",
  client_declines: "many declines from this address",
  attempts: "many attempts within a minute",
  client_attempts: "many attempts from this address",
  cards: "many different cards",
  client_cards: "many different cards from this address",
  large_amount: "a large amount",
  unusual_amount: "much more than they ever paid",
};

/** Why a payment is looked at: a sentence, whose rules this app may not all know. */
export function whyHeld(names: readonly string[]): string {
  const text = names.map((name) => reasons[name] ?? name.replaceAll("_", " ")).join(", ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What is paid, by its order's number or as what it is. */
export function whatIsPaid({
  purpose,
  order_number,
}: Pick<AdminPayment, "purpose" | "order_number">): string {
  if (purpose === "top_up") return "Store balance";
  return order_number ? `Order ${order_number}` : "Order";
}

/** Whether somebody has to decide. */
export function awaitsDecision({ status, review }: Pick<AdminPayment, "status" | "review">): boolean {
  return status === "held" && review?.status === "open";
}

/** Whether anything can have gone back of a top-up. What paid an order goes back with the order. */
export function isPaidIn({ purpose, status }: Pick<AdminPayment, "purpose" | "status">): boolean {
  return purpose === "top_up" && ["succeeded", "partly_refunded", "refunded"].includes(status);
}

/** What of a payment has not gone back. */
export function leftOf({ amount, refunded }: Pick<AdminPayment, "amount" | "refunded">): MoneyValue {
  return { amount: amount.amount - refunded.amount, currency: amount.currency };
}

/** Where what went back of a top-up stands: a bank takes what a customer disputes. */
export function standingOf({
  kind,
  status,
}: Pick<TopUpRefund, "kind" | "status">): [name: string, tone: Tone] {
  if (kind === "dispute") {
    if (status === "pending") return ["Disputed", "warning"];
    return status === "failed" ? ["Dispute won", "success"] : ["Dispute lost", "danger"];
  }
  if (status === "pending") return ["On its way", "warning"];
  return status === "failed" ? ["Did not arrive", "danger"] : ["Given back", "success"];
}
