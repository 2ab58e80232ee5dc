/** Which movements are listed, as the page's address says it: in the API's own names, with days for `from` and `to`. */
import { one } from "@carat/api-client";
import { beginningOf, endOf } from "@carat/ui";

export interface MovementSearch {
  kind?: string;
  /** A day, as in 2026-11-21: from its beginning, where the reader is. */
  from?: string;
  /** A day, until its end. */
  to?: string;
}

export function parseMovementSearch(search: Record<string, unknown>): MovementSearch {
  const kind = one(search.kind);
  const from = one(search.from);
  const to = one(search.to);
  return {
    // Also a kind that this page does not know yet: the server judges.
    ...(kind && /^[a-z_]+$/.test(kind) && { kind }),
    ...(from && beginningOf(from) && { from }),
    ...(to && beginningOf(to) && { to }),
  };
}

/** The same for the server, which knows moments and not where the reader is. */
export function asked({ kind, from, to }: MovementSearch) {
  const begins = from && beginningOf(from)?.toISOString();
  const ends = to && endOf(to)?.toISOString();
  return { ...(kind && { kind }), ...(begins && { from: begins }), ...(ends && { to: ends }) };
}
