/** What is about to be ordered, and what it comes to. */
import type { Cart } from "@carat/api-client";
import { Badge, Money, Picture } from "@carat/ui";
import { Link } from "@tanstack/react-router";
import { optionTexts } from "../cart/CartLines";
import { CartTotal } from "../cart/CartTotal";

export function Review({ cart }: { cart: Cart }) {
  return (
    <>
      <div className="flex items-baseline justify-between">
        <h2 className="font-display text-heading">Your pieces</h2>
        <Link to="/cart" className="inline-flex min-h-11 items-center text-sm underline underline-offset-4">
          Change
        </Link>
      </div>
      <ul className="divide-y divide-line border-y border-line">
        {cart.lines.map((line) => (
          <li
            key={line.id}
            className="grid grid-cols-[3.5rem_1fr_auto] items-start gap-3 py-3 text-[0.9375rem]"
          >
            <Picture image={line.image} subject={line.title} sizes="56px" decorative className="bg-paper" />
            <div className="min-w-0">
              <p>{line.title}</p>
              <p className="text-sm text-muted">
                {[...optionTexts(line), line.quantity > 1 && `${line.quantity} pieces`]
                  .filter(Boolean)
                  .join(", ")}
              </p>
              {line.gift && (
                <p className="text-sm text-muted wrap-anywhere">For {line.gift.recipient_email}</p>
              )}
              {!line.available && (
                <Badge tone="danger" className="mt-1">
                  {line.stock > 0 ? `Only ${line.stock} left` : "Sold out"}
                </Badge>
              )}
            </div>
            <Money value={line.total} />
          </li>
        ))}
      </ul>
      <CartTotal cart={cart} />
    </>
  );
}
