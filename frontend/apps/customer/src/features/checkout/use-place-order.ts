/** Places the order and goes on: first to the order's own page, so that the way back leads there, then to the payment. */
import { type Cart, type Problem, showAtFields, toProblem } from "@carat/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { UseFormReturn } from "react-hook-form";
import { cartQuery, startNewCart } from "../cart/use-cart";
import { orderQuery } from "../orders/queries";
import { forgetDraft } from "./draft";
import { forgetMeans } from "./means/kept-means";
import type { Means } from "./means/use-means";
import { type PlacedOrder, placeOrder } from "./place-order";
import { type CheckoutForm, checkoutFields } from "./schema";

export function useGoToOrder() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async ({ order, token, paymentPage }: PlacedOrder) => {
    forgetDraft();
    forgetMeans();
    client.setQueryData(orderQuery(order.id, token).queryKey, order);
    await navigate({ to: "/orders/$id", params: { id: order.id }, search: { token }, replace: true });
    startNewCart(client);
    void client.invalidateQueries({ queryKey: ["account", "balance"] });
    void client.invalidateQueries({ queryKey: ["account", "transactions"] });
    if (paymentPage) window.location.assign(paymentPage);
  };
}

export function usePlaceOrder(cart: Cart, means: Means, form: UseFormReturn<CheckoutForm>) {
  const client = useQueryClient();
  const goToOrder = useGoToOrder();
  const [problem, setProblem] = useState<Problem>();
  const { mutate, isPending, isSuccess } = useMutation({
    mutationFn: (values: CheckoutForm) =>
      placeOrder(cart, values, {
        codes: means.cards.map(({ code }) => code),
        useBalance: means.usesBalance,
      }),
    onMutate: () => setProblem(undefined),
    onSuccess: goToOrder,
    onError: (error) => {
      setProblem(showAtFields(form, toProblem(error), checkoutFields));
      // Whatever was refused, what is on screen may be out of date now.
      void client.invalidateQueries({ queryKey: cartQuery.queryKey });
      void client.invalidateQueries({ queryKey: ["gift-card"] });
      void client.invalidateQueries({ queryKey: ["account", "balance"] });
    },
  });
  return { place: mutate, problem, isPlacing: isPending || isSuccess };
}
