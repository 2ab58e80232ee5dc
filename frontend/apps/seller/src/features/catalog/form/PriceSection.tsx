/** What the piece costs, and what it cost before. The decimals are the currency's own. */
import { currencyDigits, Input, Select } from "@carat/ui";
import { currencies } from "./model";
import { Section } from "./Section";
import type { ProductForm } from "./use-product-form";

export function PriceSection({ form: { values, change, faults, isNew } }: { form: ProductForm }) {
  const { currency } = values;
  const several = values.rows.length > 1;
  return (
    <Section
      title="Price"
      note={several ? "For every variant that has no price of its own. Taxes included." : "Taxes included."}
    >
      <div className="grid gap-4 sm:grid-cols-3">
        <Input
          label={isNew ? "Price" : `Price in ${currency}`}
          inputMode="decimal"
          placeholder={(0).toFixed(currencyDigits(currency))}
          value={values.price}
          error={faults.price}
          onChange={(event) => change({ price: event.target.value })}
        />
        <Input
          label="Compare-at price"
          optional
          hint="Shown struck through"
          inputMode="decimal"
          value={values.compareAt}
          error={faults.compareAt}
          onChange={(event) => change({ compareAt: event.target.value })}
        />
        {isNew && (
          <Select
            label="Currency"
            value={currency}
            onChange={(event) => change({ currency: event.target.value })}
          >
            {(currencies.includes(currency) ? currencies : [currency, ...currencies]).map((code) => (
              <option key={code}>{code}</option>
            ))}
          </Select>
        )}
      </div>
    </Section>
  );
}
