/** Gift cards and the customer's balance at the checkout: they pay first, and the card what is left. */
import { Button, Money } from "@carat/ui";
import { useEffect, useRef, useState } from "react";
import { AddCard } from "./AddCard";
import { AddedCards } from "./AddedCards";
import { type Means, mostCards } from "./use-means";

interface Props {
  means: Means;
  currency: string;
}

export function MeansSection({ means, currency }: Props) {
  const { cards, balance, usesBalance } = means;
  const [adding, setAdding] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const wasAdding = useRef(false);
  // The field is gone: the keyboard goes on where it came from.
  useEffect(() => {
    if (wasAdding.current && !adding) opener.current?.focus();
    wasAdding.current = adding;
  }, [adding]);
  const add = (code: string) => {
    means.add(code);
    setAdding(false);
  };

  return (
    <div className="flex flex-col gap-5">
      {balance && (
        <label className="flex min-h-11 items-start gap-3 py-1">
          <input
            type="checkbox"
            className="mt-0.5 size-5 shrink-0 accent-accent"
            checked={usesBalance}
            onChange={(event) => means.setUsesBalance(event.target.checked)}
          />
          <span>
            Use my balance
            <span className="block text-sm text-muted">
              You have <Money value={balance} />. What is not needed stays yours.
            </span>
          </span>
        </label>
      )}
      {cards.length > 0 && <AddedCards cards={cards} currency={currency} onRemove={means.remove} />}
      {adding ? (
        <AddCard
          added={cards.map(({ code }) => code)}
          currency={currency}
          onAdd={add}
          onCancel={() => setAdding(false)}
        />
      ) : cards.length < mostCards ? (
        <Button
          ref={opener}
          variant="secondary"
          className="self-start max-sm:w-full"
          onClick={() => setAdding(true)}
        >
          {cards.length > 0 ? "Add another gift card" : "Add a gift card"}
        </Button>
      ) : (
        <p className="text-sm text-muted">An order takes ten gift cards at the most.</p>
      )}
    </div>
  );
}
