/** How the server is asked what a seller earned, gave back and was sent. */
import { api, call } from "@carat/api-client";
import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation } from "@tanstack/react-query";
import type { StatementSearch } from "./list-search";

export const earningsQuery = queryOptions({
  queryKey: ["statement", "earnings"],
  queryFn: async ({ signal }) => (await call(api.GET("/api/v1/seller/earnings", { signal }))).data,
});

export const statementQuery = (search: StatementSearch) =>
  infiniteQueryOptions({
    queryKey: ["statement", "lines", search],
    queryFn: ({ pageParam, signal }) =>
      call(
        api.GET("/api/v1/seller/statement", {
          params: { query: { ...search, limit: 50, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });

/** The statement as a file. */
export function useStatementFile(search: StatementSearch) {
  return useMutation({
    mutationFn: () =>
      call(api.GET("/api/v1/seller/statement.csv", { params: { query: search }, parseAs: "blob" })),
  });
}
