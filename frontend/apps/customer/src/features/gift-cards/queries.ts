/** How the server is asked about a code, and told to redeem it. Codes never stand in an address. */
import { api, call, newIdempotencyKey, toProblem } from "@carat/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";

export function useCheck() {
  return useMutation({
    mutationFn: (code: string) => call(api.POST("/api/v1/gift-cards/check", { body: { code } })),
  });
}

export function useRedeem() {
  const client = useQueryClient();
  // When the answer was lost, the same request is sent again under the same key, and gets the first one's answer.
  const unanswered = useRef<{ code: string; key: string }>(undefined);
  return useMutation({
    mutationFn: async (code: string) => {
      if (unanswered.current?.code !== code) unanswered.current = { code, key: newIdempotencyKey() };
      const params = { header: { "Idempotency-Key": unanswered.current.key } };
      return call(api.POST("/api/v1/gift-cards/redeem", { params, body: { code } }));
    },
    onError: (error) => {
      if (!toProblem(error).isTemporary) unanswered.current = undefined;
    },
    onSuccess: () => {
      unanswered.current = undefined;
      void client.invalidateQueries({ queryKey: ["account", "balance"] });
      void client.invalidateQueries({ queryKey: ["account", "transactions"] });
    },
  });
}
