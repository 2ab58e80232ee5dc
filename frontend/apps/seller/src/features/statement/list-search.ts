/** Which part of the statement is shown, as its address says it. */
import { one } from "@carat/api-client";

export interface StatementSearch {
  currency?: string;
  from?: string;
  to?: string;
}

export function parseStatementSearch(search: Record<string, unknown>): StatementSearch {
  const currency = one(search.currency);
  const day = (value: unknown) => {
    const text = one(value);
    return text && /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : undefined;
  };
  const from = day(search.from);
  const to = day(search.to);
  return {
    ...(currency && /^[A-Z]{3}$/.test(currency) && { currency }),
    ...(from && { from }),
    ...(to && { to }),
  };
}
