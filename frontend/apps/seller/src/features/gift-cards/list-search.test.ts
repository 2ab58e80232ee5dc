import { parseSearch, stringifySearch } from "@carat/api-client";
import { describe, expect, it } from "vitest";
import { parseCardSearch } from "./list-search";

const read = (query: string) => parseCardSearch(parseSearch(query));

describe("the address of the list of gift cards", () => {
  it("says what is searched and filtered, and which page is shown", () => {
    const address = "?q=7KX2&status=disabled&cursor=abc";
    expect(read(address)).toEqual({ q: "7KX2", status: "disabled", cursor: "abc" });
    expect(stringifySearch({ ...read(address) })).toBe(address);
  });

  it("ignores what the list does not know", () => {
    expect(read("?status=stolen&code=secret&q=%20")).toEqual({});
  });
});
