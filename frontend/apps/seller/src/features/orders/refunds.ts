/** What went back of an order, and giving more of it back. */
import {
  api,
  call,
  type GiveRefundRequest,
  newIdempotencyKey,
  type OrderLine,
  type Refund,
  toProblem,
} from "@carat/api-client";
import { withFreshProof } from "@carat/identity";
import type { MoneyValue } from "@carat/ui";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";

/** Who gives back: sellers of their own lines, admins of all of them and of delivery. */
export type Giver = "seller" | "admin";

/** What both see of an order whose money may go back. */
export interface RefundedOrder {
  id: string;
  lines: OrderLine[];
  total: MoneyValue;
  /** What the server has counted; a seller is not told what went back of others' lines. */
  refunded?: MoneyValue;
  /** The cost of delivery, which is not a seller's. */
  shipping?: MoneyValue;
}

export const refundsQuery = (id: string, by: Giver) =>
  queryOptions({
    queryKey: ["orders", "refunds", by, id],
    queryFn: async ({ signal }) => {
      const options = { params: { path: { id } }, signal };
      const list =
        by === "admin"
          ? call(api.GET("/api/v1/admin/orders/{id}/refunds", options))
          : call(api.GET("/api/v1/seller/orders/{id}/refunds", options));
      return (await list).data;
    },
  });

export function useGiveRefund(id: string, by: Giver) {
  const client = useQueryClient();
  // When the answer was lost, the same request is sent again under the same key: the refund is given once.
  const unanswered = useRef<{ request: string; key: string }>(undefined);
  return useMutation({
    mutationFn: (body: GiveRefundRequest) => {
      const request = JSON.stringify(body);
      if (unanswered.current?.request !== request) unanswered.current = { request, key: newIdempotencyKey() };
      const params = { path: { id }, header: { "Idempotency-Key": unanswered.current.key } };
      return by === "admin"
        ? withFreshProof(() => call(api.POST("/api/v1/admin/orders/{id}/refunds", { params, body })))
        : call(api.POST("/api/v1/seller/orders/{id}/refunds", { params, body }));
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
export function leftOf({ lines }: Pick<RefundedOrder, "lines">, refunds: Refund[]): Map<string, LineLeft> {
  const left = new Map(lines.map((line) => [line.id, { pieces: line.quantity, amount: line.total.amount }]));
  for (const refund of refunds.filter(stands)) {
    for (const part of refund.lines) {
      const line = left.get(part.line_id);
      if (!line) continue;
      line.pieces -= part.quantity;
      line.amount -= part.amount.amount;
    }
  }
  return left;
}

/** All that is left together. */
export function totalLeft(order: RefundedOrder, refunds: Refund[]): MoneyValue {
  const { currency } = order.total;
  if (order.refunded) return { amount: order.total.amount - order.refunded.amount, currency };
  const amounts = [...leftOf(order, refunds).values()].map(({ amount }) => amount);
  return { amount: amounts.reduce((sum, amount) => sum + amount, 0), currency };
}

/** What is left of the cost of delivery. */
export function deliveryLeft({ shipping, total }: RefundedOrder, refunds: Refund[]): MoneyValue {
  const given = refunds.filter(stands).reduce((sum, refund) => sum + refund.shipping.amount, 0);
  return { amount: Math.max(0, (shipping?.amount ?? 0) - given), currency: total.currency };
}

/** Of what failed, gift cards and balances keep their part; the server knows how much that is. */
function stands({ status }: Refund): boolean {
  return status !== "failed";
}

/** What so many pieces of a line come to: never more than is left of it. The server has the last word. */
export function worthOf(line: OrderLine, pieces: number, left: LineLeft): number {
  return Math.min(line.unit_price.amount * pieces, left.amount);
}
