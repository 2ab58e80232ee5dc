/**
 * Money as the API has it, a whole number of the currency's minor unit, written for people and read back from what they type.
 * No arithmetic on floating point: the digits are moved as text.
 */
export interface MoneyValue {
  amount: number;
  currency: string;
}

/** How many decimals the currency has: EUR 2, JPY 0, KWD 3. */
export function currencyDigits(currency: string): number {
  return format("en", currency).resolvedOptions().maximumFractionDigits ?? 2;
}

/** The amount in the currency's main unit as a plain decimal: 12999 EUR is "129.99". */
export function toDecimal({ amount, currency }: MoneyValue): string {
  const digits = currencyDigits(currency);
  const sign = amount < 0 ? "-" : "";
  const text = String(Math.abs(amount)).padStart(digits + 1, "0");
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** The amount as people of the locale write it. */
export function formatMoney(money: MoneyValue, locale: string | undefined = preferredLocale()): string {
  return format(locale, money.currency).format(toDecimal(money) as `${number}`);
}

/**
 * What somebody typed, as an amount in minor units; undefined where it is no amount of this currency. Takes a point or a comma
 * before the decimals, and groups of three.
 */
export function parseAmount(typed: string, currency: string): number | undefined {
  const digits = currencyDigits(currency);
  const compact = typed.replace(/[\s\u00a0\u202f'’]/g, "");
  const match = /^(\d{1,3}(?:([.,])\d{3})*|\d+)(?:([.,])(\d*))?$/.exec(compact);
  if (!match) return undefined;
  const [, whole = "", group, mark, decimals = ""] = match;
  if (mark !== undefined && mark === group) return undefined;
  // "1.234" in a currency of two decimals can only be a group; in one of three decimals it is a fraction.
  if (group !== undefined && mark === undefined && digits === 3 && /^\d{1,3}[.,]\d{3}$/.test(whole)) {
    return safe(whole.replace(/[.,]/, ""));
  }
  if (decimals.length > digits) return undefined;
  return safe(whole.replace(/[.,]/g, "") + decimals.padEnd(digits, "0"));
}

function safe(minorUnits: string): number | undefined {
  const amount = Number(minorUnits);
  return Number.isSafeInteger(amount) ? amount : undefined;
}

function preferredLocale(): string | undefined {
  return globalThis.navigator?.language;
}

const formats = new Map<string, Intl.NumberFormat>();

function format(locale: string | undefined, currency: string): Intl.NumberFormat {
  const name = `${locale} ${currency}`;
  let found = formats.get(name);
  if (!found) {
    found = new Intl.NumberFormat(locale, { style: "currency", currency });
    formats.set(name, found);
  }
  return found;
}
