/** What the list of payments shows, as its address says it: in the API's own names, so that the address can be shared. */
import { one, type PaymentStatus } from "@carat/api-client";

export const paymentStatuses = [
  "held",
  "pending",
  "succeeded",
  "partly_refunded",
  "refunded",
  "failed",
  "cancelled",
] as const satisfies readonly PaymentStatus[];

export interface PaymentSearch {
  q?: string;
  status?: PaymentStatus;
  cursor?: string;
}

export function parsePaymentSearch(search: Record<string, unknown>): PaymentSearch {
  const q = one(search.q)?.trim();
  const status = paymentStatuses.find((known) => known === one(search.status));
  const cursor = one(search.cursor);
  return { ...(q && { q }), ...(status && { status }), ...(cursor && { cursor }) };
}
