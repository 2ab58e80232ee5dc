import { describe, expect, test } from "vitest";
import { valuesOf } from "./words";

const costing = (...amounts: number[]) => ({
  variants: amounts.map((amount, at) => ({
    id: `v${at}`,
    sku: `S-${at}`,
    options: {},
    price: { amount, currency: "EUR" },
    stock: 1,
  })),
});

describe("the values of a gift card on sale", () => {
  test("stand in their order, each once", () => {
    expect(valuesOf(costing(2500))).toBe("€25.00");
    expect(valuesOf(costing(5000, 2500, 5000))).toBe("€25.00 and €50.00");
    expect(valuesOf(costing(10000, 2500, 5000))).toBe("€25.00, €50.00 and €100.00");
  });

  test("are told from the least to the most where there are many", () => {
    expect(valuesOf(costing(100, 200, 300, 400, 500))).toBe("5 values, €1.00 to €5.00");
  });
});
