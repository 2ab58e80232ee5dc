/** The card's value is the customer's: how much, what they have now, and where to go from here. */
import type { RedeemedGiftCard } from "@carat/api-client";
import { Button, buttonClass, Money } from "@carat/ui";
import { Link } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import { useEffect, useRef } from "react";

export function Redeemed({ redeemed, onAnother }: { redeemed: RedeemedGiftCard; onAnother: () => void }) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <section aria-labelledby="redeemed" className="mt-10 border-t border-line pt-8">
      <CircleCheck aria-hidden="true" size={36} strokeWidth={1.25} className="text-success" />
      <h2 id="redeemed" ref={title} tabIndex={-1} className="mt-4 font-display text-title outline-none">
        <Money value={redeemed.credited} /> is yours
      </h2>
      <p className="mt-3 text-muted">
        The card is redeemed. Your balance is now{" "}
        <Money value={redeemed.store_balance} className="font-medium text-ink" />.
      </p>
      <div className="mt-8 flex flex-wrap gap-3">
        <Link to="/products" className={buttonClass()}>
          See all pieces
        </Link>
        <Link to="/account/balance" className={buttonClass({ variant: "secondary" })}>
          See your balance
        </Link>
        <Button variant="quiet" onClick={onAnother}>
          Redeem another card
        </Button>
      </div>
    </section>
  );
}
