/** What the list of orders shows, as its address says it. */
import { one } from "@carat/api-client";

export const listedStatuses = [
  "paid",
  "pending_payment",
  "partly_refunded",
  "refunded",
  "cancelled",
  "expired",
] as const;
export type ListedStatus = (typeof listedStatuses)[number];

export interface OrderSearch {
  status?: ListedStatus;
}

export function parseOrderSearch(search: Record<string, unknown>): OrderSearch {
  const status = listedStatuses.find((known) => known === one(search.status));
  return status ? { status } : {};
}
