/** What the cart comes to. */
import type { Cart } from "@carat/api-client";
import { Money } from "@carat/ui";
import { isShipped } from "./shipped";

export function CartTotal({ cart }: { cart: Pick<Cart, "total" | "lines"> }) {
  return (
    <dl className="text-[0.9375rem]">
      {isShipped(cart) && (
        <div className="flex justify-between py-1 text-muted">
          <dt>Insured delivery</dt>
          <dd>Free</dd>
        </div>
      )}
      <div className="flex items-baseline justify-between py-1 text-lg font-medium">
        <dt>
          Total <span className="text-sm font-normal text-muted">with tax</span>
        </dt>
        <dd aria-live="polite">
          <Money value={cart.total} />
        </dd>
      </div>
    </dl>
  );
}
