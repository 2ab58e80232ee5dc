/** What can still be done with an order: pay it, cancel it, or order the same again. */
import { api, call, type Order, toProblem } from "@carat/api-client";
import { Button, buttonClass, toast } from "@carat/ui";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { orderAgain } from "./order-again";
import { PayFromBalance } from "./PayFromBalance";
import { orderQuery } from "./queries";

interface Props {
  order: Order;
  token: string | undefined;
  confirming: boolean;
}

export function OrderActions({ order, token, confirming }: Props) {
  const paymentPage = order.payment?.redirect_url;
  if (order.status === "pending_payment" && !confirming) {
    return (
      <div className="mt-6 flex flex-wrap gap-3">
        {paymentPage && (
          <a href={paymentPage} className={buttonClass({ size: "large" })}>
            Pay now
          </a>
        )}
        {paymentPage && token === undefined && <PayFromBalance order={order} />}
        <Cancel order={order} token={token} />
      </div>
    );
  }
  if (order.status === "cancelled" || order.status === "expired") return <OrderAgain order={order} />;
  return null;
}

function Cancel({ order, token }: Pick<Props, "order" | "token">) {
  const client = useQueryClient();
  const query = orderQuery(order.id, token);
  const cancel = useMutation({
    mutationFn: () =>
      call(api.POST("/api/v1/orders/{id}/cancel", { params: { path: { id: order.id }, query: { token } } })),
    onSuccess: (cancelled) => {
      client.setQueryData(query.queryKey, cancelled);
      void client.invalidateQueries({ queryKey: ["orders", "list"] });
    },
    onError: (error) => {
      toast({ message: toProblem(error).message });
      void client.invalidateQueries({ queryKey: query.queryKey });
    },
  });
  return (
    <Button variant="secondary" size="large" pending={cancel.isPending} onClick={() => cancel.mutate()}>
      Cancel the order
    </Button>
  );
}

function OrderAgain({ order }: { order: Order }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const again = useMutation({
    mutationFn: () => orderAgain(client, order),
    onSuccess: ({ missing }) => {
      if (missing.length > 0)
        toast({ message: `No longer to be had: ${missing.join(", ")}.`, duration: 9000 });
      void navigate({ to: "/cart" });
    },
    onError: (error) => toast({ message: toProblem(error).message }),
  });
  return (
    <div className="mt-6">
      <Button size="large" pending={again.isPending} onClick={() => again.mutate()}>
        Order again
      </Button>
    </div>
  );
}
