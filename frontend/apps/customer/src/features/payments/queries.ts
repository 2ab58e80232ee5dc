/** What the storefront asks about payments: to make one, and how it stands. */
import {
  api,
  call,
  newIdempotencyKey,
  type Payment,
  type PaymentRequest,
  toProblem,
} from "@carat/api-client";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef } from "react";

const second = 1_000;

export const paymentQuery = (id: string) =>
  queryOptions({
    queryKey: ["payments", id],
    queryFn: ({ signal }) => call(api.GET("/api/v1/payments/{id}", { params: { path: { id } }, signal })),
  });

/** How long the gateway's word usually takes to arrive. */
export const confirmationTime = 30 * second;

/** When to look at a payment again: every second while the gateway's word may be on its way, then more calmly. */
export function pollingInterval(payment: Payment | undefined, waited: number): number | false {
  if (payment?.status === "held") return 30 * second;
  if (payment?.status !== "pending") return false;
  return waited < confirmationTime ? second : 10 * second;
}

/** The currency in which the shop sells, as its newest piece tells. */
export const shopCurrencyQuery = queryOptions({
  queryKey: ["shop-currency"],
  queryFn: async ({ signal }) => {
    const newest = await call(api.GET("/api/v1/products", { params: { query: { limit: 1 } }, signal }));
    return newest.data[0]?.price.currency ?? "EUR";
  },
  staleTime: Number.POSITIVE_INFINITY,
});

/** What is to be paid in. */
export interface TopUpWish {
  amount: PaymentRequest["amount"];
  /** Whether a second one just like it is meant. */
  again: boolean;
}

/** Makes a top-up, and goes on: to its own page first, so that the way back leads there, then to where it is paid. */
export function useTopUp() {
  const client = useQueryClient();
  const navigate = useNavigate();
  // When the answer was lost, the same request is sent again under the same key, and gets the first one's answer.
  const unanswered = useRef<{ wish: string; key: string }>(undefined);
  return useMutation({
    mutationFn: async ({ amount, again }: TopUpWish) => {
      const wish = JSON.stringify([amount, again]);
      if (unanswered.current?.wish !== wish) unanswered.current = { wish, key: newIdempotencyKey() };
      const page = "/account/payments/{PAYMENT_ID}";
      const body: PaymentRequest = {
        amount,
        purpose: "top_up",
        method: "card",
        allow_duplicate: again,
        success_url: `${page}?paid=1`,
        cancel_url: page,
      };
      const params = { header: { "Idempotency-Key": unanswered.current.key } };
      return call(api.POST("/api/v1/payments", { params, body }));
    },
    onError: (error) => {
      const problem = toProblem(error);
      if (!problem.isTemporary && problem.code !== "idempotency-key-in-use") unanswered.current = undefined;
    },
    onSuccess: async (payment) => {
      unanswered.current = undefined;
      client.setQueryData(paymentQuery(payment.id).queryKey, payment);
      await navigate({ to: "/account/payments/$id", params: { id: payment.id }, search: {} });
      if (payment.redirect_url) window.location.assign(payment.redirect_url);
    },
  });
}
