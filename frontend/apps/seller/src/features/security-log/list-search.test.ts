import { parseSearch, stringifySearch } from "@carat/api-client";
import { describe, expect, it } from "vitest";
import { parseLogSearch } from "./list-search";

const read = (query: string) => parseLogSearch(parseSearch(query));
const user = "0193a4c5-0000-7000-8000-000000000001";

describe("the address of the security log", () => {
  it("says the kind, the user, the first day and the page", () => {
    const address = `?kind=login_failed&user=${user}&since=2026-11-20&cursor=abc`;
    expect(read(address)).toEqual({ kind: "login_failed", user, since: "2026-11-20", cursor: "abc" });
    expect(stringifySearch({ ...read(address) })).toBe(address);
  });

  it("ignores what cannot be", () => {
    expect(read("?kind=DROP%20TABLE&user=anna&since=2026-02-30")).toEqual({});
    expect(read("?since=0002-01-01")).toEqual({});
  });

  it("keeps a kind that this app does not know yet", () => {
    expect(read("?kind=comet_sighted")).toEqual({ kind: "comet_sighted" });
  });
});
