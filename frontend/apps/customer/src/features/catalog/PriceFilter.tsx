/** The range of prices. What is typed takes effect on leaving the field or pressing Enter, never while typing. */
import { controlClass, formatMoney, parseAmount, toDecimal } from "@carat/ui";
import { type FormEvent, useId, useRef, useState } from "react";
import type { ProductFilters } from "./filters";
import type { ChangeFilters } from "./use-filters";

interface Props {
  filters: ProductFilters;
  change: ChangeFilters;
  currency: string;
}

export function PriceFilter({ filters, change, currency }: Props) {
  const [error, setError] = useState<string>();
  const form = useRef<HTMLFormElement>(null);
  const noteId = useId();

  const apply = (event?: FormEvent) => {
    event?.preventDefault();
    if (!form.current) return;
    const typed = new FormData(form.current);
    const [min, max] = (["price_min", "price_max"] as const).map((name) => String(typed.get(name)).trim());
    const price_min = min ? parseAmount(min, currency) : undefined;
    const price_max = max ? parseAmount(max, currency) : undefined;
    const unclear = (min && price_min === undefined) || (max && price_max === undefined);
    setError(unclear ? `Write amounts like ${toDecimal({ amount: 15000, currency })}.` : undefined);
    if (unclear || (price_min === filters.price_min && price_max === filters.price_max)) return;
    change({ price_min, price_max });
  };

  const field = (name: "price_min" | "price_max", label: string) => (
    <label className="flex min-w-0 flex-1 flex-col gap-1 text-sm text-muted">
      {label}
      <input
        // The URL's value is the initial one: a new key puts it in when the URL changes from elsewhere.
        key={filters[name]}
        name={name}
        defaultValue={filters[name] === undefined ? "" : plain(filters[name], currency)}
        onBlur={() => apply()}
        inputMode="decimal"
        autoComplete="off"
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? noteId : undefined}
        className={controlClass}
      />
    </label>
  );

  return (
    <fieldset>
      <legend className="mb-2 font-display text-xl">Price</legend>
      <form ref={form} onSubmit={apply} className="flex gap-3">
        {field("price_min", `From (${symbol(currency)})`)}
        {field("price_max", `To (${symbol(currency)})`)}
        <button type="submit" className="sr-only">
          Apply the price range
        </button>
      </form>
      {error && (
        <p id={noteId} role="alert" className="mt-1.5 text-sm text-danger">
          {error}
        </p>
      )}
    </fieldset>
  );
}

/** Without decimals where they are all zero. */
function plain(amount: number, currency: string): string {
  return toDecimal({ amount, currency }).replace(/\.0+$/, "");
}

function symbol(currency: string): string {
  return formatMoney({ amount: 0, currency }).replace(/[\d.,\s]/g, "");
}
