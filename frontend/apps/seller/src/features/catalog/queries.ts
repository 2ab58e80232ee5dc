/** What the server is asked about the seller's products, and what it is told. */
import {
  api,
  type CreateProductRequest,
  call,
  forgetIdempotencyKey,
  type Image,
  keptIdempotencyKey,
  type Product,
  toProblem,
  type UpdateProductRequest,
  type UploadOptions,
  upload,
} from "@carat/api-client";
import { infiniteQueryOptions, keepPreviousData, queryOptions, useQueryClient } from "@tanstack/react-query";
import type { ProductSearch } from "./list-search";

const lists = ["products", "list"];
export const productsInLists = lists;

export const productList = (search: ProductSearch) =>
  infiniteQueryOptions({
    queryKey: [...lists, search],
    queryFn: ({ pageParam, signal }) =>
      call(
        api.GET("/api/v1/seller/products", {
          params: { query: { ...search, limit: 25, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });

/** The newest hundred products, for the overview. */
export const newestProducts = queryOptions({
  queryKey: [...lists, "newest"],
  queryFn: ({ signal }) =>
    call(api.GET("/api/v1/seller/products", { params: { query: { limit: 100 } }, signal })),
});

/** A few products for the palette, found by a text. */
export const productFinder = (q: string) =>
  queryOptions({
    queryKey: [...lists, "find", q],
    queryFn: async ({ signal }) =>
      (await call(api.GET("/api/v1/seller/products", { params: { query: { q, limit: 6 } }, signal }))).data,
    enabled: q.length > 1,
    placeholderData: q.length > 1 ? keepPreviousData : undefined,
  });

export const productQuery = (id: string) =>
  queryOptions({
    queryKey: ["products", "one", id],
    queryFn: ({ signal }) =>
      call(api.GET("/api/v1/seller/products/{id}", { params: { path: { id } }, signal })),
  });

/** Browsers keep public answers for a while; who has just changed one wants to see that. */
const asked = { cache: "no-cache" } as const;

export const categoriesQuery = queryOptions({
  queryKey: ["categories"],
  queryFn: async ({ signal }) => (await call(api.GET("/api/v1/categories", { signal, ...asked }))).data,
  staleTime: 600_000,
});

export const materialsQuery = queryOptions({
  queryKey: ["materials"],
  queryFn: async ({ signal }) => (await call(api.GET("/api/v1/materials", { signal, ...asked }))).data,
  staleTime: 600_000,
});

/** Puts a product that the server has just answered where the pages look for it. */
export function useKeepProduct() {
  const client = useQueryClient();
  return (product: Product) => {
    client.setQueryData(productQuery(product.id).queryKey, product);
    void client.invalidateQueries({ queryKey: lists });
  };
}

/** A product that is gone. */
export function useForgetProduct() {
  const client = useQueryClient();
  return (id: string) => {
    client.removeQueries({ queryKey: productQuery(id).queryKey });
    return client.invalidateQueries({ queryKey: lists });
  };
}

const newProductKey = "carat.seller.new-product";

/** The same new product sent twice, after an answer was lost, is still one product. */
export async function createProduct(body: CreateProductRequest): Promise<Product> {
  const params = { header: { "Idempotency-Key": keptIdempotencyKey(newProductKey, body) } };
  try {
    const product = await call(api.POST("/api/v1/seller/products", { params, body }));
    forgetIdempotencyKey(newProductKey);
    return product;
  } catch (error) {
    if (!toProblem(error).isTemporary) forgetIdempotencyKey(newProductKey);
    throw error;
  }
}

/** Adds a picture. The same file sent again under its key, after an answer was lost, is still one picture. */
export function uploadPicture(product: string, file: File, options: UploadOptions): Promise<Image> {
  const form = new FormData();
  form.append("file", file);
  return upload<Image>(`/api/v1/seller/products/${product}/images`, form, options);
}

export function updatePicture(product: string, image: string, body: { alt?: string; position?: number }) {
  const params = { path: { id: product, image_id: image } };
  return call(api.PATCH("/api/v1/seller/products/{id}/images/{image_id}", { params, body }));
}

export function removePicture(product: string, image: string) {
  const params = { path: { id: product, image_id: image } };
  return call(api.DELETE("/api/v1/seller/products/{id}/images/{image_id}", { params }));
}

export function updateProduct(id: string, body: UpdateProductRequest): Promise<Product> {
  return call(api.PATCH("/api/v1/seller/products/{id}", { params: { path: { id } }, body }));
}

/** It is gone, or archived for the orders that have it: then it is answered. */
export async function removeProduct(id: string): Promise<Product | undefined> {
  return call(api.DELETE("/api/v1/seller/products/{id}", { params: { path: { id } } }));
}
