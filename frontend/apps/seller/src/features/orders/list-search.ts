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

/** The list of everybody's orders, which admins search. */
export interface AllOrdersSearch extends OrderSearch {
  q?: string;
  cursor?: string;
}

export function parseAllOrdersSearch(search: Record<string, unknown>): AllOrdersSearch {
  const q = one(search.q)?.trim();
  const cursor = one(search.cursor);
  return { ...parseOrderSearch(search), ...(q && { q }), ...(cursor && { cursor }) };
}
