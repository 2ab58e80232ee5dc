import { describe, expect, it } from "vitest";
import { many, one, parseSearch, stringifySearch } from "./search";

describe("the query string of a page", () => {
  it("keeps repeated keys apart", () => {
    expect(parseSearch("?material=gold&material=silver&q=ring")).toEqual({
      material: ["gold", "silver"],
      q: "ring",
    });
  });

  it("is written with plain repeated keys, and leaves out what is empty", () => {
    expect(stringifySearch({ material: ["gold", "silver"], q: "", in_stock: true, sort: undefined })).toBe(
      "?material=gold&material=silver&in_stock=true",
    );
  });

  it("survives the way there and back, whatever it holds", () => {
    const search = { q: "50% & more+é", category: ["rings", "earrings"] };
    expect(parseSearch(stringifySearch(search))).toEqual(search);
  });

  it("is nothing at all where nothing is asked", () => {
    expect(stringifySearch({})).toBe("");
  });

  it("takes the last of a repeated key where only one makes sense", () => {
    expect(one(["a", "b"])).toBe("b");
    expect(one("")).toBeUndefined();
    expect(many("a")).toEqual(["a"]);
    expect(many(undefined)).toEqual([]);
  });
});
