/** A gift card as it lies before one: what is left on it, and how long it is good. */
import type { GiftCardWorth } from "@carat/api-client";
import { Money, Wordmark } from "@carat/ui";
import { dayOf } from "./words";

export function CardFace({ worth, code }: { worth: GiftCardWorth; code: string }) {
  const { balance, value, expires_at } = worth;
  const partly = balance.amount !== value.amount;
  return (
    <div className="flex min-h-56 max-w-md flex-col justify-between gap-8 rounded-md border border-accent bg-accent p-6 text-on-accent shadow-raised dark:border-accent/40 dark:bg-accent-soft dark:text-ink sm:min-h-64 sm:p-8">
      <div className="flex items-baseline justify-between gap-4">
        <Wordmark />
        <span className="text-sm">Gift card</span>
      </div>
      <p>
        <Money value={balance} className="font-display text-display" />
        {partly && (
          <span className="block text-[0.9375rem]">
            left of <Money value={value} />
          </span>
        )}
      </p>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 text-sm">
        <span className="font-mono">
          <span className="sr-only">The code ends with </span>
          <span aria-hidden="true">···· </span>
          {code.slice(-4)}
        </span>
        <span>{expires_at ? `Good until ${dayOf(expires_at)}` : "Good without end"}</span>
      </div>
    </div>
  );
}
