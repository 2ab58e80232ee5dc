import { describe, expect, test } from "vitest";
import { parseGiftProductSearch } from "./list-search";

describe("the address of the gift cards on sale", () => {
  test("keeps what it knows, trimmed", () => {
    expect(parseGiftProductSearch({ q: " gold ", of: "others", cursor: "c", page: 2 })).toEqual({
      q: "gold",
      of: "others",
      cursor: "c",
    });
  });

  test("is empty for what it does not know", () => {
    expect(parseGiftProductSearch({ q: "  ", of: "rings" })).toEqual({});
  });
});
