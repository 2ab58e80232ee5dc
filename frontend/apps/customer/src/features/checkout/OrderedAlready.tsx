/** The cart has become an order, perhaps in another tab, or while the answer was lost on its way here. */
import { type Cart, toProblem } from "@carat/api-client";
import { Button, buttonClass, EmptyState, ProblemNotice, StandIn } from "@carat/ui";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { startNewCart } from "../cart/use-cart";
import { useSession } from "../identity/session";
import { lostOrder } from "./place-order";
import { useGoToOrder } from "./use-place-order";

export function OrderedAlready({ cart }: { cart: Cart }) {
  const client = useQueryClient();
  const { user } = useSession();
  const goToOrder = useGoToOrder();
  const lost = lostOrder(cart);
  const find = useMutation({
    mutationFn: async () => lost?.(),
    onSuccess: (placed) => placed && goToOrder(placed),
  });
  return (
    <EmptyState
      level={1}
      title="This cart is ordered already"
      drawing={<StandIn subject="" />}
      action={
        <>
          {lost ? (
            <Button pending={find.isPending} onClick={() => find.mutate()}>
              Go to the order
            </Button>
          ) : (
            user &&
            cart.order_id && (
              <Link to="/orders/$id" params={{ id: cart.order_id }} className={buttonClass()}>
                Go to the order
              </Link>
            )
          )}
          <Button variant="secondary" onClick={() => startNewCart(client)}>
            Begin a new cart
          </Button>
        </>
      }
    >
      <p>Nothing was ordered twice. You find the order by the link in the e-mail that we sent you.</p>
      <ProblemNotice problem={find.error ? toProblem(find.error) : undefined} />
    </EmptyState>
  );
}
