/** What the security log shows, as its address says it: in the API's own names, with a day for `since`. */
import { one } from "@carat/api-client";

export interface LogSearch {
  kind?: string;
  /** The id of whom it is about. */
  user?: string;
  /** A day, as in 2026-11-21: from its beginning, where the reader is. */
  since?: string;
  cursor?: string;
}

export function parseLogSearch(search: Record<string, unknown>): LogSearch {
  const kind = one(search.kind);
  const user = one(search.user);
  const since = one(search.since);
  const cursor = one(search.cursor);
  return {
    // Also a kind that this app does not know yet: the server judges.
    ...(kind && /^[a-z_]+$/.test(kind) && { kind }),
    ...(user && /^[0-9a-f-]{36}$/i.test(user) && { user }),
    ...(since && beginningOf(since) && { since }),
    ...(cursor && { cursor }),
  };
}

/** The moment when a day begins where the reader is; nothing if it is no day. */
export function beginningOf(day: string): Date | undefined {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? [];
  const moment = new Date(Number(year), Number(month) - 1, Number(date));
  const real = moment.getMonth() === Number(month) - 1 && Number(year) > 1999;
  return real ? moment : undefined;
}

/** The day so many days ago, where the reader is. */
export function daysAgo(days: number, now = new Date()): string {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() - days);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}
