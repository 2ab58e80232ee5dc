import { describe, expect, it } from "vitest";
import { ring } from "./form/test-product";
import { shortages, stockLevel, totalStock } from "./stock";

const stocked = (...stocks: number[]) => ({
  ...ring,
  variants: stocks.map((stock, at) => ({ id: `v${at}`, sku: "", options: {}, price: ring.price, stock })),
});

describe("stock", () => {
  it("is the sum of the variants", () => {
    expect(totalStock(stocked(2, 0, 5))).toBe(7);
  });

  it("is low at two pieces and sold out at none", () => {
    expect([0, 1, 2, 3].map(stockLevel)).toEqual(["sold-out", "low", "low", "good"]);
  });

  it("names pieces on sale that run short, those with the least left first", () => {
    const found = shortages([
      stocked(9, 0),
      stocked(1, 3),
      stocked(1, 1),
      stocked(0),
      { ...stocked(0), status: "draft" },
    ]);
    expect(found.map(({ level }) => level)).toEqual(["sold-out", "low", "good"]);
    expect(found.map(({ soldOut }) => soldOut.length)).toEqual([1, 0, 1]);
  });
});
