import { parseSearch, stringifySearch } from "@carat/api-client";
import { describe, expect, it } from "vitest";
import { parseProductSearch } from "./list-search";

const read = (query: string) => parseProductSearch(parseSearch(query));

describe("the address of the list of products", () => {
  it("says what is searched and which status is shown", () => {
    expect(read("?q=gold+ring&status=draft")).toEqual({ q: "gold ring", status: "draft" });
  });

  it("comes back the same when it is written", () => {
    expect(stringifySearch({ ...read("?q=a%26b&status=active") })).toBe("?q=a%26b&status=active");
  });

  it("ignores what the list does not know", () => {
    expect(read("?status=sold&q=%20&page=4")).toEqual({});
  });

  it("takes the last of a repeated key", () => {
    expect(read("?status=draft&status=archived")).toEqual({ status: "archived" });
  });
});
