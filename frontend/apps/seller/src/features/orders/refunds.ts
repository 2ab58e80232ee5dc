/** What went back of an order, and giving more of it back. */
import {
  api,
  call,
  type GiveRefundRequest,
  newIdempotencyKey,
  type Refund,
  type SellerOrder,
  toProblem,
} from "@carat/api-client";
import type { MoneyValue } from "@carat/ui";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";

export const refundsQuery = (id: string) =>
  queryOptions({
    queryKey: ["orders", "refunds", id],
    queryFn: async ({ signal }) =>
      (await call(api.GET("/api/v1/seller/orders/{id}/refunds", { params: { path: { id } }, signal }))).data,
  });

export function useGiveRefund(id: string) {
  const client = useQueryClient();
  // When the answer was lost, the same request is sent again under the same key: the refund is given once.
  const unanswered = useRef<{ request: string; key: string }>(undefined);
  return useMutation({
    mutationFn: (body: GiveRefundRequest) => {
      const request = JSON.stringify(body);
      if (unanswered.current?.request !== request) unanswered.current = { request, key: newIdempotencyKey() };
      const params = { path: { id }, header: { "Idempotency-Key": unanswered.current.key } };
      return call(api.POST("/api/v1/seller/orders/{id}/refunds", { params, body }));
    },
    onError: (error) => {
      if (!toProblem(error).isTemporary) unanswered.current = undefined;
    },
    onSuccess: () => {
      unanswered.current = undefined;
      void client.invalidateQueries({ queryKey: ["orders"] });
      void client.invalidateQueries({ queryKey: ["statement"] });
    },
  });
}

/** What is left of a line: how many pieces, and how much money. */
export interface LineLeft {
  pieces: number;
  amount: number;
}

/** What is left to give back of each line, as far as these refunds tell. */
export function leftOf(order: SellerOrder, refunds: Refund[]): Map<string, LineLeft> {
  const left = new Map(
    order.lines.map((line) => [line.id, { pieces: line.quantity, amount: line.total.amount }]),
  );
  for (const refund of refunds) {
    const arrived = refund.status !== "failed";
    for (const part of refund.lines) {
      const line = left.get(part.line_id);
      if (!line) continue;
      // What is for sale again is so once, whatever became of its money.
      if (arrived || refund.restocked) line.pieces -= part.quantity;
      // Of what failed, gift cards and balances keep their part; the server knows how much that is.
      if (arrived) line.amount -= part.amount.amount;
    }
  }
  return left;
}

/** All that is left together. */
export function totalLeft(order: SellerOrder, refunds: Refund[]): MoneyValue {
  const amounts = [...leftOf(order, refunds).values()].map(({ amount }) => amount);
  return { amount: amounts.reduce((sum, amount) => sum + amount, 0), currency: order.total.currency };
}

/** What so many pieces of a line come to: never more than is left of it. The server has the last word. */
export function worthOf(line: SellerOrder["lines"][number], pieces: number, left: LineLeft): number {
  return Math.min(line.unit_price.amount * pieces, left.amount);
}
