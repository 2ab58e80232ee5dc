/** A price, with the former one struck through where it was reduced. */
import type { Money as MoneyValue } from "@carat/api-client";
import { Money } from "@carat/ui";

export function Price({ price, before }: { price: MoneyValue; before: MoneyValue | null }) {
  if (!before || before.amount <= price.amount) return <Money value={price} />;
  return (
    <span className="inline-flex flex-wrap items-baseline gap-x-2">
      <span className="sr-only">Now</span>
      <Money value={price} />
      <span className="sr-only">, before</span>
      <s className="text-muted">
        <Money value={before} />
      </s>
    </span>
  );
}
