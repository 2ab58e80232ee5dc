/** How the server is asked about payments, and told what was decided about one that is held. */
import { type AdminPayment, api, call } from "@carat/api-client";
import { withFreshProof } from "@carat/identity";
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
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
