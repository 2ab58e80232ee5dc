/** How the server is asked about gift cards, and told to issue, disable and enable them. */
import {
  api,
  call,
  type GiftCard,
  type GiftCardBatch,
  type GiftCardStatus,
  type GiftDelivery,
  type IssueGiftCardsRequest,
  newIdempotencyKey,
  type OrderGiftCardBatchRequest,
  toProblem,
} from "@carat/api-client";
import { withFreshProof } from "@carat/identity";
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import type { CardSearch } from "./list-search";

export const cardPage = 25;

export const cardList = (search: CardSearch) =>
  queryOptions({
    queryKey: ["gift-cards", "list", search],
    queryFn: ({ signal }) =>
      call(api.GET("/api/v1/gift-cards", { params: { query: { ...search, limit: cardPage } }, signal })),
    placeholderData: keepPreviousData,
  });

export const liabilityQuery = queryOptions({
  queryKey: ["gift-cards", "liability"],
  queryFn: async ({ signal }) => (await call(api.GET("/api/v1/gift-cards/liability", { signal }))).data,
});

export const cardQuery = (id: string) =>
  queryOptions({
    queryKey: ["gift-cards", "one", id],
    queryFn: ({ signal }) => call(api.GET("/api/v1/gift-cards/{id}", { params: { path: { id } }, signal })),
  });

/** The currency in which the shop sells, as its newest piece tells. */
export const shopCurrencyQuery = queryOptions({
  queryKey: ["shop-currency"],
  queryFn: async ({ signal }) => {
    const newest = await call(api.GET("/api/v1/products", { params: { query: { limit: 1 } }, signal }));
    return newest.data[0]?.price.currency ?? "EUR";
  },
  staleTime: Number.POSITIVE_INFINITY,
});

export function useUpdateCard(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (status: Extract<GiftCardStatus, "active" | "disabled">) =>
      withFreshProof(() =>
        call(api.PATCH("/api/v1/gift-cards/{id}", { params: { path: { id } }, body: { status } })),
      ),
    onSuccess: (card: GiftCard) => {
      client.setQueryData(cardQuery(id).queryKey, card);
      void client.invalidateQueries({ queryKey: ["gift-cards", "list"] });
      void client.invalidateQueries({ queryKey: ["security-log"] });
    },
  });
}

export function useIssue() {
  const client = useQueryClient();
  // When the answer was lost, the same request is sent again under the same key: the cards are issued once.
  const unanswered = useRef<{ request: string; key: string }>(undefined);
  return useMutation({
    mutationFn: (body: IssueGiftCardsRequest) => {
      const request = JSON.stringify(body);
      if (unanswered.current?.request !== request) unanswered.current = { request, key: newIdempotencyKey() };
      const params = { header: { "Idempotency-Key": unanswered.current.key } };
      return withFreshProof(() => call(api.POST("/api/v1/gift-cards", { params, body })));
    },
    onError: (error) => {
      if (!toProblem(error).isTemporary) unanswered.current = undefined;
    },
    onSuccess: () => {
      unanswered.current = undefined;
      void client.invalidateQueries({ queryKey: ["gift-cards"] });
      void client.invalidateQueries({ queryKey: ["security-log"] });
    },
    // What has the codes in it is not kept any longer than the page that shows them.
    gcTime: 0,
  });
}

export const batchList = (search: { cursor?: string }) =>
  queryOptions({
    queryKey: ["gift-cards", "batches", search],
    queryFn: ({ signal }) =>
      call(
        api.GET("/api/v1/gift-cards/batches", { params: { query: { ...search, limit: cardPage } }, signal }),
      ),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.data.some(isBeingIssued) ? 1_500 : false),
  });

export const batchQuery = (id: string) =>
  queryOptions({
    queryKey: ["gift-cards", "batch", id],
    queryFn: ({ signal }) =>
      call(api.GET("/api/v1/gift-cards/batches/{id}", { params: { path: { id } }, signal })),
    // It grows while it is looked at.
    refetchInterval: ({ state }) => (state.data && isBeingIssued(state.data) ? 700 : false),
  });

function isBeingIssued({ status }: GiftCardBatch): boolean {
  return status === "issuing";
}

export function useOrderBatch() {
  const client = useQueryClient();
  // When the answer was lost, the same request is sent again under the same key: the cards are issued once.
  const unanswered = useRef<{ request: string; key: string }>(undefined);
  return useMutation({
    mutationFn: (body: OrderGiftCardBatchRequest) => {
      const request = JSON.stringify(body);
      if (unanswered.current?.request !== request) unanswered.current = { request, key: newIdempotencyKey() };
      const params = { header: { "Idempotency-Key": unanswered.current.key } };
      return withFreshProof(() => call(api.POST("/api/v1/gift-cards/batches", { params, body })));
    },
    onError: (error) => {
      if (!toProblem(error).isTemporary) unanswered.current = undefined;
    },
    onSuccess: (batch) => {
      unanswered.current = undefined;
      client.setQueryData(batchQuery(batch.id).queryKey, batch);
      void client.invalidateQueries({ queryKey: ["gift-cards", "batches"] });
      void client.invalidateQueries({ queryKey: ["security-log"] });
    },
  });
}

export function useUpdateBatch(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (disabled: boolean) =>
      withFreshProof(() =>
        call(api.PATCH("/api/v1/gift-cards/batches/{id}", { params: { path: { id } }, body: { disabled } })),
      ),
    onSuccess: (batch) => {
      client.setQueryData(batchQuery(id).queryKey, batch);
      void client.invalidateQueries({ queryKey: ["gift-cards"] });
      void client.invalidateQueries({ queryKey: ["security-log"] });
    },
  });
}

/** The file of a batch's codes. The server tells them this once: whatever comes of it, the batch is asked for anew. */
export function useDownloadCodes(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      withFreshProof(() =>
        call(
          api.POST("/api/v1/gift-cards/batches/{id}/codes", { params: { path: { id } }, parseAs: "blob" }),
        ),
      ) as Promise<unknown> as Promise<Blob>,
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["gift-cards"] });
      void client.invalidateQueries({ queryKey: ["security-log"] });
    },
    gcTime: 0,
  });
}

/** How the mail with a card stands; nothing when it is not mailed. */
export const deliveryQuery = (id: string) =>
  queryOptions({
    queryKey: ["gift-cards", "delivery", id],
    queryFn: async ({ signal }): Promise<GiftDelivery | null> => {
      try {
        const params = { path: { id } };
        return await call(api.GET("/api/v1/gift-cards/{id}/delivery", { params, signal }));
      } catch (error) {
        if (toProblem(error).status === 404) return null;
        throw error;
      }
    },
  });

export function useSendAgain(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (recipient_email: string) =>
      withFreshProof(() =>
        call(
          api.POST("/api/v1/gift-cards/{id}/delivery", {
            params: { path: { id } },
            body: { recipient_email },
          }),
        ),
      ),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["gift-cards"] });
      void client.invalidateQueries({ queryKey: ["security-log"] });
    },
  });
}
