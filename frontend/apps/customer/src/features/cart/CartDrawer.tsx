/** The cart beside whatever page one is on. */
import { buttonClass, Dialog, EmptyState, Notice, StandIn } from "@carat/ui";
import { Link } from "@tanstack/react-router";
import { CartLines } from "./CartLines";
import { CartTotal } from "./CartTotal";
import { closeCartDrawer, useCartDrawer } from "./drawer";
import { useCart } from "./use-cart";
import { useRemoved } from "./use-removed";

export function CartDrawer() {
  const { open } = useCartDrawer();
  const cart = useCart();
  const removed = useRemoved(cart);
  const lines = cart.cart?.lines ?? [];
  const problem = cart.addProblem();
  return (
    <Dialog
      open={open}
      onClose={closeCartDrawer}
      placement="right"
      title="Your cart"
      footer={
        cart.cart &&
        lines.length > 0 && (
          <div className="flex flex-col gap-3">
            <CartTotal cart={cart.cart} />
            <Link to="/checkout" onClick={closeCartDrawer} className={buttonClass({ size: "large" })}>
              Go to checkout
            </Link>
            <Link to="/cart" onClick={closeCartDrawer} className={buttonClass({ variant: "quiet" })}>
              See the whole cart
            </Link>
          </div>
        )
      }
    >
      {problem && (
        <Notice tone="danger" className="mb-3">
          {problem.message}
        </Notice>
      )}
      <CartLines lines={lines} cart={cart} removed={removed} onFollow={closeCartDrawer} />
      {lines.length === 0 && !cart.isLoading && (
        <EmptyState
          title="Nothing in it yet"
          drawing={<StandIn subject="ring" />}
          action={
            <Link to="/products" onClick={closeCartDrawer} className={buttonClass()}>
              See all pieces
            </Link>
          }
        />
      )}
    </Dialog>
  );
}
