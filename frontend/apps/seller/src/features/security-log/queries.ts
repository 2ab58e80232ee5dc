/** How the server is asked for the security log. */
import { api, call } from "@carat/api-client";
import { beginningOf } from "@carat/ui";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { LogSearch } from "./list-search";

export const logPage = 50;

export const securityLog = (search: LogSearch, limit = logPage) =>
  queryOptions({
    queryKey: ["security-log", search, limit],
    queryFn: ({ signal }) => {
      const { since, ...rest } = search;
      const moment = since && beginningOf(since)?.toISOString();
      const query = { ...rest, limit, ...(moment && { since: moment }) };
      return call(api.GET("/api/v1/admin/security-log", { params: { query }, signal }));
    },
    placeholderData: keepPreviousData,
  });
