/** How the server is asked about payments, and told what was decided about one that is held. */
import {
  type AdminPayment,
  api,
  call,
  newIdempotencyKey,
  type RefundTopUpRequest,
  toProblem,
} from "@carat/api-client";
import { withFreshProof } from "@carat/identity";
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import type { PaymentSearch } from "./list-search";

export const paymentPage = 25;

export const paymentList = (search: PaymentSearch, limit = paymentPage) =>
  queryOptions({
    queryKey: ["payments", "list", search, limit],
    queryFn: ({ signal }) =>
      call(api.GET("/api/v1/admin/payments", { params: { query: { ...search, limit } }, signal })),
    placeholderData: keepPreviousData,
  });

export function useDecide({ id }: Pick<AdminPayment, "id">) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (take: boolean) => {
      const params = { path: { id } };
      return withFreshProof(() =>
        take
          ? call(api.POST("/api/v1/admin/payments/{id}/approve", { params }))
          : call(api.POST("/api/v1/admin/payments/{id}/reject", { params })),
      );
    },
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["payments"] });
      void client.invalidateQueries({ queryKey: ["security-log"] });
    },
  });
}

/** What went back of a top-up, the newest first. */
export const topUpRefunds = (id: string) =>
  queryOptions({
    queryKey: ["payments", "refunds", id],
    queryFn: ({ signal }) =>
      call(api.GET("/api/v1/admin/payments/{id}/refunds", { params: { path: { id } }, signal })),
  });

export function useRefundTopUp({ id }: Pick<AdminPayment, "id">) {
  const client = useQueryClient();
  // When the answer was lost, the same request is sent again under the same key: the refund is given once.
  const unanswered = useRef<{ request: string; key: string }>(undefined);
  return useMutation({
    mutationFn: (body: RefundTopUpRequest) => {
      const request = JSON.stringify(body);
      if (unanswered.current?.request !== request) unanswered.current = { request, key: newIdempotencyKey() };
      const params = { path: { id }, header: { "Idempotency-Key": unanswered.current.key } };
      return withFreshProof(() => call(api.POST("/api/v1/admin/payments/{id}/refunds", { params, body })));
    },
    onError: (error) => {
      if (!toProblem(error).isTemporary) unanswered.current = undefined;
    },
    onSuccess: () => {
      unanswered.current = undefined;
      void client.invalidateQueries({ queryKey: ["payments"] });
    },
  });
}
