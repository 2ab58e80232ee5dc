/** Paying an order that waits from the balance, where that has enough for all that is left. */
import { api, call, newIdempotencyKey, type Order, toProblem } from "@carat/api-client";
import { Button, formatMoney, type MoneyValue, toast } from "@carat/ui";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { useSession } from "../identity/session";
import { balanceQuery } from "../ledger/queries";
import { orderQuery } from "./queries";
import { leftToPay } from "./status";

export function PayFromBalance({ order }: { order: Order }) {
  const { user } = useSession();
  const balances = useQuery({ ...balanceQuery, enabled: user !== undefined });
  const rest = leftToPay(order);
  const balance = user && balances.data?.find(({ currency }) => currency === rest.currency);
  if (!balance || balance.amount < rest.amount) return null;
  return <Choice order={order} rest={rest} />;
}

function Choice({ order, rest }: { order: Order; rest: MoneyValue }) {
  const pay = usePayFromBalance(order, rest);
  return (
    <Button variant="secondary" size="large" pending={pay.isPending} onClick={() => pay.mutate()}>
      Pay {formatMoney(rest)} from your balance
    </Button>
  );
}

function usePayFromBalance(order: Order, rest: MoneyValue) {
  const client = useQueryClient();
  // When the answer was lost, the same request is sent again under the same key, and gets the first one's answer.
  const key = useRef<string>(undefined);
  return useMutation({
    mutationFn: () => {
      key.current ??= newIdempotencyKey();
      const params = { header: { "Idempotency-Key": key.current } };
      const body = { amount: rest, purpose: "order", order_id: order.id, method: "balance" } as const;
      return call(api.POST("/api/v1/payments", { params, body }));
    },
    onSuccess: ({ status }) => {
      if (status === "pending") toast({ message: "Your balance pays as soon as the card page is closed." });
    },
    onError: (error) => {
      const problem = toProblem(error);
      if (!problem.isTemporary && problem.code !== "idempotency-key-in-use") key.current = undefined;
      toast({ message: problem.message });
    },
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: orderQuery(order.id, undefined).queryKey }),
        client.invalidateQueries({ queryKey: ["orders", "list"] }),
        client.invalidateQueries({ queryKey: ["account"] }),
      ]),
  });
}
