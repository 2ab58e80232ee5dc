/** What pays for the cart, below its total: gift cards, the balance, and what is left for the card. */
import { Money, type MoneyValue } from "@carat/ui";
import type { ReactNode } from "react";
import { Ending } from "./AddedCards";
import type { Means } from "./use-means";

export function MeansTotal({ means: { cards, split } }: { means: Means }) {
  const giving = cards.filter(({ gives }) => gives.amount > 0);
  if (giving.length === 0 && split.balance.amount === 0) return null;
  return (
    <dl className="border-t border-line pt-3 text-[0.9375rem]">
      {giving.map(({ code, gives }) => (
        <Taken key={code} value={gives}>
          Gift card <Ending code={code} />
        </Taken>
      ))}
      {split.balance.amount > 0 && <Taken value={split.balance}>Your balance</Taken>}
      <div className="flex items-baseline justify-between py-1 text-lg font-medium">
        <dt>To pay by card</dt>
        <dd aria-live="polite">
          <Money value={split.rest} />
        </dd>
      </div>
    </dl>
  );
}

function Taken({ value, children }: { value: MoneyValue; children: ReactNode }) {
  return (
    <div className="flex justify-between gap-4 py-1 text-muted">
      <dt>{children}</dt>
      <dd>
        <Money value={{ ...value, amount: -value.amount }} />
      </dd>
    </div>
  );
}
