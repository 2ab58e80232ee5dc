/** How the server is asked about webhooks and deliveries, and told to make, change, try and replay them. */
import {
  api,
  type CreateWebhookRequest,
  call,
  type UpdateWebhookRequest,
  type Webhook,
} from "@carat/api-client";
import { withFreshProof } from "@carat/identity";
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { DeliverySearch } from "./list-search";

const deliveryPage = 25;
/** While something is on its way, it is looked after every few seconds. */
const lookAfter = 3_000;

export const webhookList = queryOptions({
  queryKey: ["webhooks", "list"],
  queryFn: async ({ signal }) => (await call(api.GET("/api/v1/seller/webhooks", { signal }))).data,
});

export const webhookQuery = (id: string) =>
  queryOptions({
    queryKey: ["webhooks", "one", id],
    queryFn: ({ signal }) =>
      call(api.GET("/api/v1/seller/webhooks/{id}", { params: { path: { id } }, signal })),
  });

export const deliveryList = (id: string, search: DeliverySearch) =>
  queryOptions({
    queryKey: ["webhooks", "deliveries", id, search],
    queryFn: ({ signal }) =>
      call(
        api.GET("/api/v1/seller/webhooks/{id}/deliveries", {
          params: { path: { id }, query: { ...search, limit: deliveryPage } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.data.some(({ status }) => status === "waiting") ? lookAfter : false,
  });

export const deliveryQuery = (id: string, delivery: string) =>
  queryOptions({
    queryKey: ["webhooks", "delivery", id, delivery],
    queryFn: ({ signal }) =>
      call(
        api.GET("/api/v1/seller/webhooks/{id}/deliveries/{delivery_id}", {
          params: { path: { id, delivery_id: delivery } },
          signal,
        }),
      ),
    refetchInterval: ({ state }) => (state.data?.status === "waiting" ? lookAfter : false),
  });

export function useCreateWebhook() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CreateWebhookRequest) =>
      withFreshProof(() => call(api.POST("/api/v1/seller/webhooks", { body }))),
    onSuccess: () => void client.invalidateQueries({ queryKey: ["webhooks"] }),
    // What has the secret in it is not kept any longer than the page that shows it.
    gcTime: 0,
  });
}

export function useUpdateWebhook(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: UpdateWebhookRequest) =>
      withFreshProof(() =>
        call(api.PATCH("/api/v1/seller/webhooks/{id}", { params: { path: { id } }, body })),
      ),
    onSuccess: (webhook: Webhook) => {
      client.setQueryData(webhookQuery(id).queryKey, webhook);
      void client.invalidateQueries({ queryKey: ["webhooks", "list"] });
      void client.invalidateQueries({ queryKey: ["webhooks", "deliveries", id] });
    },
  });
}

export function useRotateSecret(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      withFreshProof(() =>
        call(api.POST("/api/v1/seller/webhooks/{id}/secret", { params: { path: { id } } })),
      ),
    onSuccess: () => void client.invalidateQueries({ queryKey: ["webhooks", "one", id] }),
    gcTime: 0,
  });
}

export function useRemoveWebhook(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      withFreshProof(() => call(api.DELETE("/api/v1/seller/webhooks/{id}", { params: { path: { id } } }))),
    onSuccess: () => void client.invalidateQueries({ queryKey: ["webhooks", "list"] }),
  });
}

export function useTestWebhook(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call(api.POST("/api/v1/seller/webhooks/{id}/test", { params: { path: { id } } })),
    onSuccess: () => void client.invalidateQueries({ queryKey: ["webhooks", "deliveries", id] }),
  });
}

export function useReplay(id: string, delivery: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      call(
        api.POST("/api/v1/seller/webhooks/{id}/deliveries/{delivery_id}/replay", {
          params: { path: { id, delivery_id: delivery } },
        }),
      ),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["webhooks", "delivery", id, delivery] });
      void client.invalidateQueries({ queryKey: ["webhooks", "deliveries", id] });
    },
  });
}
