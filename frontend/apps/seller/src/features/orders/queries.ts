/** What the server is asked about orders: sellers about those that hold pieces of theirs, admins about all. */
import { api, call } from "@carat/api-client";
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { AllOrdersSearch, OrderSearch } from "./list-search";

export const orderList = (search: OrderSearch) =>
  infiniteQueryOptions({
    queryKey: ["orders", "list", search],
    queryFn: ({ pageParam, signal }) =>
      call(
        api.GET("/api/v1/seller/orders", {
          params: { query: { ...search, limit: 25, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });

/** The newest hundred orders, for the overview. */
export const newestOrders = queryOptions({
  queryKey: ["orders", "list", "newest"],
  queryFn: ({ signal }) =>
    call(api.GET("/api/v1/seller/orders", { params: { query: { limit: 100 } }, signal })),
});

export const orderQuery = (id: string) =>
  queryOptions({
    queryKey: ["orders", "one", id],
    queryFn: ({ signal }) =>
      call(api.GET("/api/v1/seller/orders/{id}", { params: { path: { id } }, signal })),
  });

export const allOrders = (search: AllOrdersSearch) =>
  queryOptions({
    queryKey: ["orders", "all", search],
    queryFn: ({ signal }) =>
      call(api.GET("/api/v1/admin/orders", { params: { query: { ...search, limit: 25 } }, signal })),
    placeholderData: keepPreviousData,
  });

export const anyOrder = (id: string) =>
  queryOptions({
    queryKey: ["orders", "any", id],
    queryFn: ({ signal }) => call(api.GET("/api/v1/admin/orders/{id}", { params: { path: { id } }, signal })),
  });
