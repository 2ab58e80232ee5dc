import { describe, expect, it } from "vitest";
import { changes, inWords } from "./changes";
import { fromProduct } from "./model";
import { ring } from "./test-product";

const base = fromProduct(ring);
const stocks = (...stock: string[]) => ({
  ...base,
  rows: base.rows.map((row, at) => ({ ...row, stock: stock[at] ?? row.stock })),
});

describe("naming what has changed", () => {
  it("names nothing where nothing differs, even in a copy", () => {
    expect(changes(base, structuredClone(base))).toEqual([]);
  });

  it("names nothing when a change was taken back", () => {
    expect(changes(base, { ...base, title: `${base.title}` })).toEqual([]);
  });

  it("names fields by their labels", () => {
    expect(changes(base, { ...base, title: "Other", price: "1", materials: [] })).toEqual([
      "Title",
      "Price",
      "Materials",
    ]);
  });

  it("names the one variant that was touched, and counts several", () => {
    expect(changes(base, stocks("9"))).toEqual(["Stock of 50"]);
    expect(changes(base, stocks("9", "9"))).toEqual(["Stock of 2 variants"]);
  });

  it("needs no variant's name where there is only one", () => {
    const only = { ...base, axes: [], rows: base.rows.slice(0, 1) };
    const rows = only.rows.map((row) => ({ ...row, stock: "7" }));
    expect(changes(only, { ...only, rows })).toEqual(["Stock"]);
  });

  it("puts names into a phrase, and shortens a long one", () => {
    expect(inWords(["Title"])).toBe("Title");
    expect(inWords(["Title", "Price", "Stock"])).toBe("Title, Price, and Stock");
    expect(inWords(["Title", "Price", "Stock", "SKU", "Status"])).toBe("Title, Price, Stock, and 2 more");
  });
});
