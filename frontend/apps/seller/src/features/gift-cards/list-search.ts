/** What the list of gift cards shows, as its address says it: in the API's own names, so that the address can be shared. */
import type { GiftCardStatus } from "@carat/api-client";
import { one } from "@carat/api-client";

export const cardStatuses = [
  "active",
  "redeemed",
  "disabled",
  "expired",
] as const satisfies readonly GiftCardStatus[];

export interface CardSearch {
  q?: string;
  status?: GiftCardStatus;
  /** Only those of this batch. */
  batch?: string;
  cursor?: string;
}

export function parseCardSearch(search: Record<string, unknown>): CardSearch {
  const q = one(search.q)?.trim();
  const status = cardStatuses.find((known) => known === one(search.status));
  const batch = one(search.batch);
  const cursor = one(search.cursor);
  return {
    ...(q && { q }),
    ...(status && { status }),
    ...(batch && { batch }),
    ...(cursor && { cursor }),
  };
}
