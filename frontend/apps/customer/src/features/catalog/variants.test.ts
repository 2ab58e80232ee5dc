import type { Variant } from "@carat/api-client";
import { describe, expect, it } from "vitest";
import { chooseOption, firstVariant, optionGroups, stockText } from "./variants";

const variant = (sku: string, options: Record<string, string>, stock: number): Variant => ({
  id: sku,
  sku,
  options,
  stock,
  price: { amount: 1, currency: "EUR" },
});

const gold52 = variant("gold52", { Size: "52", Metal: "Gold" }, 0);
const gold54 = variant("gold54", { Size: "54", Metal: "Gold" }, 2);
const silver52 = variant("silver52", { Size: "52", Metal: "Silver" }, 1);
const all = [gold52, gold54, silver52];

describe("choosing a variant", () => {
  it("begins with the first that can be had", () => {
    expect(firstVariant(all)).toBe(gold54);
    expect(firstVariant([gold52])).toBe(gold52);
    expect(firstVariant([])).toBeUndefined();
  });

  it("keeps the other choices where such a variant exists", () => {
    expect(chooseOption(all, gold54, "Size", "52")).toBe(gold52);
  });

  it("gives up another choice rather than lead to a variant that does not exist", () => {
    expect(chooseOption(all, gold54, "Metal", "Silver")).toBe(silver52);
  });

  it("offers every value once, and tells which would be sold out", () => {
    expect(optionGroups(all, gold54)).toEqual([
      {
        name: "Size",
        values: [
          { value: "52", chosen: false, inStock: false },
          { value: "54", chosen: true, inStock: true },
        ],
      },
      {
        name: "Metal",
        values: [
          { value: "Gold", chosen: true, inStock: true },
          { value: "Silver", chosen: false, inStock: true },
        ],
      },
    ]);
  });

  it("asks nothing where there is only the default variant", () => {
    const only = variant("only", {}, 1);
    expect(optionGroups([only], only)).toEqual([]);
  });

  it("says honestly how many there are", () => {
    expect([0, 1, 3, 12].map(stockText)).toEqual([
      "Sold out",
      "Only one left",
      "Only 3 left",
      "In stock, 12 pieces",
    ]);
  });
});
