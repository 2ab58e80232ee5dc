/** What a product costs as a gift card, and what becomes of it. */
import type { Product } from "@carat/api-client";
import { formatMoney } from "@carat/ui";

/** "€25.00", "€25.00, €50.00 and €100.00", "6 values, €10.00 to €500.00". */
export function valuesOf({ variants }: Pick<Product, "variants">): string {
  const prices = variants.map(({ price }) => price).sort((a, b) => a.amount - b.amount);
  const values = [...new Set(prices.map((price) => formatMoney(price)))];
  const [first, last] = [values[0], values.at(-1)];
  if (values.length > 4) return `${values.length} values, ${first} to ${last}`;
  return values.length < 2 ? (first ?? "") : `${values.slice(0, -1).join(", ")} and ${last}`;
}
