/** Which products the page of gift cards on sale shows, as its address says it. */
import { one } from "@carat/api-client";

export interface GiftProductSearch {
  q?: string;
  /** What could be made a gift card, instead of what is one. */
  of?: "others";
  cursor?: string;
}

export function parseGiftProductSearch(search: Record<string, unknown>): GiftProductSearch {
  const q = one(search.q)?.trim();
  const cursor = one(search.cursor);
  return {
    ...(q && { q }),
    ...(one(search.of) === "others" && { of: "others" as const }),
    ...(cursor && { cursor }),
  };
}
