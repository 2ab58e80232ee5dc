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
    expect(toPatch(base, withRow(1, { stock: "3" }))).toEqual({ variants: [{ id: "v52", stock: 3 }] });
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

  it("takes the compare-at price away when it is emptied", () => {
    const before = { ...base, compareAt: "5000.00" };
    expect(toPatch(before, base)).toEqual({ compare_at_price: null });
  });
});
