/** What the list of products shows, as its address says it: the search text and the status. */
import { one } from "@carat/api-client";

export const productStatuses = ["active", "draft", "archived"] as const;
export type ProductStatus = (typeof productStatuses)[number];

export interface ProductSearch {
  q?: string;
  status?: ProductStatus;
}

export function parseProductSearch(search: Record<string, unknown>): ProductSearch {
  const q = one(search.q)?.trim();
  const status = productStatuses.find((known) => known === one(search.status));
  return { ...(q ? { q } : {}), ...(status ? { status } : {}) };
}
