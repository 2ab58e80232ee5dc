import { describe, expect, it } from "vitest";
import { copyOf, emptyProduct, fromProduct, toCreate, toPatch } from "./model";
import { ring } from "./test-product";
import { regrow } from "./variants";

const base = fromProduct(ring);
const withRow = (place: number, change: object) => ({
  ...base,
  rows: base.rows.map((row, at) => (at === place ? { ...row, ...change } : row)),
});

describe("a new product", () => {
  it("sends price and stock in the currency's minor unit", () => {
    const sent = toCreate({ ...emptyProduct("EUR"), title: " Band ", price: "1.250,50" });
    expect(sent).toMatchObject({ title: "Band", price: { amount: 125050, currency: "EUR" }, stock: 1 });
    expect(sent.variants).toBeUndefined();
  });

  it("has no decimals in yen and three in dinars", () => {
    expect(toCreate({ ...emptyProduct("JPY"), price: "5000" }).price.amount).toBe(5000);
    expect(toCreate({ ...emptyProduct("KWD"), price: "5.125" }).price.amount).toBe(5125);
  });

  it("sends one variant for each row, and a price only where the row has its own", () => {
    const empty = emptyProduct("EUR");
    const axes = [{ name: "Size", values: ["S", "M"] }];
    const rows = regrow(empty.rows, [], axes).map((row, at) => ({ ...row, price: at ? "20" : "" }));
    expect(toCreate({ ...empty, price: "10", axes, rows }).variants).toEqual([
      { options: { Size: "S" }, stock: 1 },
      { options: { Size: "M" }, stock: 1, price: { amount: 2000, currency: "EUR" } },
    ]);
    expect(toCreate({ ...empty, price: "10", axes, rows }).option_names).toEqual(["Size"]);
  });

  it("may start as a copy, as a draft with no numbers of the other", () => {
    const copy = copyOf(ring);
    expect(copy).toMatchObject({ title: "Aurore (copy)", status: "draft" });
    expect(copy.rows.map(({ sku }) => sku)).toEqual(["", ""]);
  });
});

describe("a changed product", () => {
  it("sends nothing when nothing has changed", () => {
    expect(toPatch(base, structuredClone(base))).toEqual({});
  });

  it("sends only what has changed", () => {
    expect(toPatch(base, { ...base, title: "Aurora", category: "" })).toEqual({
      title: "Aurora",
      category: null,
    });
  });

  it("names only the variant that has changed, by its id", () => {
    expect(toPatch(base, withRow(1, { stock: "3" }))).toEqual({
      variants: [{ id: "v52", stock: 3, expected_stock: 0 }],
    });
  });

  it("names every variant's price with a new product price, so that own prices stay", () => {
    expect(toPatch(base, { ...base, price: "4900" })).toEqual({
      price: { amount: 490000, currency: "EUR" },
      variants: [
        { id: "v50", price: { amount: 490000, currency: "EUR" } },
        { id: "v52", price: { amount: 495000, currency: "EUR" } },
      ],
    });
  });

  it("gives a variant the product's price when its own is emptied", () => {
    expect(toPatch(base, withRow(1, { price: "" })).variants).toEqual([
      { id: "v52", price: { amount: 489000, currency: "EUR" } },
    ]);
  });

  it("names all its variants with a new one, so that they stand in the order of the grid", () => {
    const axes = [{ name: "Ring size", values: ["50", "51", "52"] }];
    const rows = regrow(base.rows, base.axes, axes).map((row) => (row.id ? row : { ...row, stock: "4" }));
    expect(toPatch(base, { ...base, axes, rows })).toEqual({
      variants: [{ id: "v50" }, { options: { "Ring size": "51" }, stock: 4 }, { id: "v52" }],
    });
  });

  it("takes off the variants that are taken out, and what an added option replaces", () => {
    expect(toPatch(base, { ...base, rows: base.rows.slice(1) })).toEqual({ remove_variants: ["v50"] });
    const axes = [...base.axes, { name: "Metal", values: ["Gold"] }];
    const split = toPatch(base, { ...base, axes, rows: regrow(base.rows, base.axes, axes) });
    expect(split.option_names).toEqual(["Ring size", "Metal"]);
    expect(split.remove_variants).toEqual(["v50", "v52"]);
    expect(split.variants?.map(({ options }) => options)).toEqual([
      { "Ring size": "50", Metal: "Gold" },
      { "Ring size": "52", Metal: "Gold" },
    ]);
  });

  it("gives every variant the new name of an option", () => {
    const patch = toPatch(base, { ...base, axes: [{ name: "Size", values: ["50", "52"] }] });
    expect(patch).toEqual({
      option_names: ["Size"],
      variants: [
        { id: "v50", options: { Size: "50" } },
        { id: "v52", options: { Size: "52" } },
      ],
    });
  });

  it("moves to another address, or to the one of its title", () => {
    expect(toPatch(base, { ...base, slug: " aurora " })).toEqual({ slug: "aurora" });
    expect(toPatch(base, { ...base, slug: "" })).toEqual({ slug: null });
  });

  it("takes the compare-at price away when it is emptied", () => {
    const before = { ...base, compareAt: "5000.00" };
    expect(toPatch(before, base)).toEqual({ compare_at_price: null });
  });
});
