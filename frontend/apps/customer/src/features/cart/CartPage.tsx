/** The whole cart on a page of its own. */
import { toProblem } from "@carat/api-client";
import { buttonClass, EmptyState, ErrorState, Notice, Skeleton, StandIn } from "@carat/ui";
import { Link } from "@tanstack/react-router";
import { usePageTitle } from "../../app/page-title";
import { CartLines } from "./CartLines";
import { CartTotal } from "./CartTotal";
import { useCart } from "./use-cart";
import { useRemoved } from "./use-removed";

export function CartPage() {
  usePageTitle("Your cart");
  const cart = useCart();
  const removed = useRemoved(cart);
  const lines = cart.cart?.lines ?? [];

  if (cart.isLoading) return <CartSkeleton />;
  if (cart.error) {
    const problem = toProblem(cart.error);
    return <ErrorState message={problem.message} requestId={problem.requestId} onRetry={cart.reload} />;
  }
  if (lines.length === 0 && !removed.last) {
    return (
      <EmptyState
        level={1}
        title="Your cart is empty"
        drawing={<StandIn subject="ring" />}
        action={
          <Link to="/products" className={buttonClass()}>
            See all pieces
          </Link>
        }
      >
        Pieces that you put in it stay there, also when you close the page.
      </EmptyState>
    );
  }
  const blocked = lines.some(({ available }) => !available);
  return (
    <div className="shell max-w-6xl pt-8 sm:pt-12">
      <h1 className="font-display text-display">Your cart</h1>
      <div className="mt-6 grid gap-x-16 gap-y-8 lg:grid-cols-[1fr_22rem]">
        <div className="border-t border-line">
          <CartLines lines={lines} cart={cart} removed={removed} />
        </div>
        {cart.cart && lines.length > 0 && (
          <aside aria-label="Total" className="flex flex-col gap-4 self-start bg-tile p-6 lg:sticky lg:top-8">
            <CartTotal cart={cart.cart} />
            {blocked && (
              <Notice tone="warning">
                Some pieces are no longer to be had as you want them. See the lines.
              </Notice>
            )}
            <Link
              to="/checkout"
              disabled={blocked}
              className={buttonClass({ size: "large", className: blocked ? "opacity-50" : "" })}
            >
              Go to checkout
            </Link>
          </aside>
        )}
      </div>
    </div>
  );
}

function CartSkeleton() {
  return (
    <div className="shell max-w-6xl pt-8 sm:pt-12" role="status" aria-label="Loading the cart">
      <Skeleton className="h-16 w-64" />
      <Skeleton className="mt-6 h-32 w-full max-w-3xl" />
      <Skeleton className="mt-4 h-32 w-full max-w-3xl" />
    </div>
  );
}
