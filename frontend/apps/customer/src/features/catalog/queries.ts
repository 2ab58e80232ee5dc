/** What the storefront asks about products, categories, materials and sellers. */
import { api, call } from "@carat/api-client";
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { compact, type ProductFilters } from "./filters";

const minutes = 60_000;
export const pageSize = 24;

/** For the home page. `public/early.js` begins this very request before the app has loaded: change both together. */
export const newestProducts = queryOptions({
  queryKey: ["products", "newest"],
  queryFn: ({ signal }) => call(api.GET("/api/v1/products", { params: { query: { limit: 12 } }, signal })),
  staleTime: 2 * minutes,
});

export function productList(filters: ProductFilters) {
  return infiniteQueryOptions({
    queryKey: ["products", "list", compact(filters)],
    queryFn: ({ pageParam: cursor, signal }) =>
      call(
        api.GET("/api/v1/products", { params: { query: { ...filters, limit: pageSize, cursor } }, signal }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    staleTime: minutes,
  });
}

export function productQuery(slug: string) {
  return queryOptions({
    queryKey: ["products", "one", slug],
    queryFn: ({ signal }) =>
      call(api.GET("/api/v1/products/{id}", { params: { path: { id: slug } }, signal })),
  });
}

export function piecesBySeller(seller: string) {
  return queryOptions({
    queryKey: ["products", "by-seller", seller],
    queryFn: ({ signal }) =>
      call(api.GET("/api/v1/products", { params: { query: { seller, limit: 5 } }, signal })),
    staleTime: 5 * minutes,
  });
}

export const categoriesQuery = queryOptions({
  queryKey: ["categories"],
  queryFn: ({ signal }) => call(api.GET("/api/v1/categories", { signal })),
  select: (page) => page.data,
  staleTime: 10 * minutes,
});

export const materialsQuery = queryOptions({
  queryKey: ["materials"],
  queryFn: ({ signal }) => call(api.GET("/api/v1/materials", { signal })),
  select: (page) => page.data,
  staleTime: 10 * minutes,
});

export function sellerQuery(id: string) {
  return queryOptions({
    queryKey: ["sellers", id],
    queryFn: ({ signal }) => call(api.GET("/api/v1/sellers/{id}", { params: { path: { id } }, signal })),
    staleTime: 10 * minutes,
  });
}
