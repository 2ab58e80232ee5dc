/** How the server is asked what sellers are owed, and told that they were sent it. */
import { api, call, type MakePayoutRequest, newIdempotencyKey, toProblem } from "@carat/api-client";
import { withFreshProof } from "@carat/identity";
import {
  infiniteQueryOptions,
  type QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { useRef } from "react";

export const owedQuery = queryOptions({
  queryKey: ["payouts", "owed"],
  queryFn: async ({ signal }) => (await call(api.GET("/api/v1/admin/payouts/owed", { signal }))).data,
});

export const payoutList = infiniteQueryOptions({
  queryKey: ["payouts", "list"],
  queryFn: ({ pageParam, signal }) =>
    call(
      api.GET("/api/v1/admin/payouts", {
        params: { query: { limit: 25, ...(pageParam && { cursor: pageParam }) } },
        signal,
      }),
    ),
  initialPageParam: "",
  getNextPageParam: (page) => page.next_cursor,
});

export function useMakePayout() {
  const client = useQueryClient();
  // When the answer was lost, the same request is sent again under the same key: the payout is made once.
  const unanswered = useRef<{ request: string; key: string }>(undefined);
  return useMutation({
    mutationFn: (body: MakePayoutRequest) => {
      const request = JSON.stringify(body);
      if (unanswered.current?.request !== request) unanswered.current = { request, key: newIdempotencyKey() };
      const params = { header: { "Idempotency-Key": unanswered.current.key } };
      return withFreshProof(() => call(api.POST("/api/v1/admin/payouts", { params, body })));
    },
    onError: (error) => {
      if (!toProblem(error).isTemporary) unanswered.current = undefined;
    },
    onSuccess: () => {
      unanswered.current = undefined;
      refresh(client);
    },
  });
}

export function useFailPayout() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      withFreshProof(() => call(api.POST("/api/v1/admin/payouts/{id}/fail", { params: { path: { id } } }))),
    onSuccess: () => refresh(client),
  });
}

function refresh(client: QueryClient) {
  void client.invalidateQueries({ queryKey: ["payouts"] });
  void client.invalidateQueries({ queryKey: ["security-log"] });
}
