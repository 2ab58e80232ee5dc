import { parseSearch, stringifySearch } from "@carat/api-client";
import { describe, expect, it } from "vitest";
import { parseUserSearch } from "./list-search";

const read = (query: string) => parseUserSearch(parseSearch(query));

describe("the address of the list of users", () => {
  it("says what is searched, filtered and sorted, and which page is shown", () => {
    expect(read("?q=anna&role=seller&status=disabled&sort=email&cursor=abc")).toEqual({
      q: "anna",
      role: "seller",
      status: "disabled",
      sort: "email",
      cursor: "abc",
    });
  });

  it("comes back the same when it is written", () => {
    const address = "?q=a%40b&role=admin&sort=created_at";
    expect(stringifySearch({ ...read(address) })).toBe(address);
  });

  it("ignores what the list does not know", () => {
    expect(read("?role=king&status=gone&sort=password_hash&q=%20")).toEqual({});
  });
});
