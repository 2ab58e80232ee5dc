/** The amounts that are offered for paying in, and what becomes of one that is typed. */
import { currencyDigits, type MoneyValue, parseAmount } from "@carat/ui";

/** Round amounts of the currency. Where it has no decimals, its unit is small. */
export function offeredAmounts(currency: string): MoneyValue[] {
  const digits = currencyDigits(currency);
  const unit = digits === 0 ? 100 : 10 ** digits;
  return [25, 50, 100, 250].map((units) => ({ amount: units * unit, currency }));
}

/** What was typed, as money; undefined where it is none. */
export function typedAmount(typed: string, currency: string): MoneyValue | undefined {
  const amount = parseAmount(typed, currency);
  return amount ? { amount, currency } : undefined;
}
