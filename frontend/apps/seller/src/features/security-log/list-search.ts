/** What the security log shows, as its address says it: in the API's own names, with a day for `since`. */
import { one } from "@carat/api-client";
import { beginningOf } from "@carat/ui";

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
