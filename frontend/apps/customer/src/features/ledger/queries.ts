/** What the storefront asks about its customer's own money. */
import { api, call } from "@carat/api-client";
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { asked, type MovementSearch } from "./list-search";

export const balanceQuery = queryOptions({
  queryKey: ["account", "balance"],
  queryFn: async ({ signal }) => (await call(api.GET("/api/v1/users/me/balance", { signal }))).data,
});

export const movementsQuery = (search: MovementSearch) =>
  infiniteQueryOptions({
    queryKey: ["account", "transactions", search],
    queryFn: ({ pageParam: cursor, signal }) => {
      const query = { ...asked(search), limit: 20, cursor };
      return call(api.GET("/api/v1/transactions", { params: { query }, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });

/** All movements that fit, not only those that are shown. */
export function movementsAsCsv(search: MovementSearch): Promise<Blob> {
  return call(api.GET("/api/v1/transactions.csv", { params: { query: asked(search) }, parseAs: "blob" }));
}
