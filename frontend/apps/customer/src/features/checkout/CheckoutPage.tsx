/** The checkout on one page: who, where to, what, and on to the payment. */
import { toProblem } from "@carat/api-client";
import { buttonClass, EmptyState, ErrorState, Skeleton, StandIn } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { usePageTitle } from "../../app/page-title";
import { useCart } from "../cart/use-cart";
import { addressesOf } from "../identity/addresses/queries";
import { useSession } from "../identity/session";
import { CheckoutFormView } from "./CheckoutFormView";
import { OrderedAlready } from "./OrderedAlready";

export function CheckoutPage() {
  usePageTitle("Checkout");
  const { cart, isLoading, error, reload, isChanging } = useCart();
  const session = useSession();
  const addresses = useQuery(addressesOf(session.user));

  if (isLoading || session.isLoading || isChanging || addresses.isLoading) {
    return (
      <div className="shell max-w-6xl pt-8 sm:pt-12" role="status" aria-label="Loading the checkout">
        <Skeleton className="h-16 w-64" />
        <Skeleton className="mt-8 h-96 w-full max-w-3xl" />
      </div>
    );
  }
  if (error) {
    const problem = toProblem(error);
    return <ErrorState message={problem.message} requestId={problem.requestId} onRetry={reload} />;
  }
  if (cart?.status === "checked_out") return <OrderedAlready cart={cart} />;
  if (!cart || cart.lines.length === 0) {
    return (
      <EmptyState
        level={1}
        title="There is nothing to order yet"
        drawing={<StandIn subject="ring" />}
        action={
          <Link to="/products" className={buttonClass()}>
            See all pieces
          </Link>
        }
      />
    );
  }
  return <CheckoutFormView cart={cart} user={session.user} addresses={addresses.data ?? []} />;
}
