import { parseSearch, stringifySearch } from "@carat/api-client";
import { describe, expect, it } from "vitest";
import { compact, countFilters, parseFilters, toggled } from "./filters";

const read = (query: string) => parseFilters(parseSearch(query));

describe("the filters in the URL", () => {
  it("are the API's own keys, repeated where there are several", () => {
    expect(
      read("?q=ring&category=rings&material=gold&material=silver&price_min=1000&in_stock=true&sort=-price"),
    ).toEqual({
      q: "ring",
      category: ["rings"],
      material: ["gold", "silver"],
      price_min: 1000,
      in_stock: true,
      sort: "-price",
    });
  });

  it("survive being written and read again", () => {
    const filters = read("?material=gold&material=silver&price_max=50000&in_stock=true");
    expect(read(stringifySearch({ ...filters }))).toEqual(filters);
  });

  it("leave out what makes no sense", () => {
    expect(read("?price_min=cheap&price_max=-5&sort=magic&in_stock=perhaps&q=+&unknown=1")).toEqual({});
  });

  it("do not mention the usual order", () => {
    expect(compact({ sort: "-created_at", category: [] })).toEqual({});
  });

  it("count a price range once, and the order not at all", () => {
    expect(countFilters({ price_min: 1, price_max: 2, category: ["a", "b"], sort: "price", q: "x" })).toBe(4);
  });

  it("are switched on and off one by one", () => {
    expect(toggled(["a"], "b")).toEqual(["a", "b"]);
    expect(toggled(["a", "b"], "a")).toEqual(["b"]);
    expect(toggled(undefined, "a")).toEqual(["a"]);
  });
});
