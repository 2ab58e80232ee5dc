import { describe, expect, it } from "vitest";
import {
  axesOf,
  countCombinations,
  missing,
  optionsOf,
  regrow,
  rowKey,
  rowName,
  type VariantRow,
} from "./variants";

const single: VariantRow = { key: rowKey([]), values: [], sku: "A", price: "", stock: "4" };
const sizes = { name: "Ring size", values: ["50", "52"] };
const metal = { name: "Metal", values: ["Gold", "Silver"] };

describe("the variants grid", () => {
  it("makes a row for each combination of the options", () => {
    const rows = regrow([single], [], [sizes, metal]);
    expect(rows.map(rowName)).toEqual(["50 / Gold", "50 / Silver", "52 / Gold", "52 / Silver"]);
  });

  it("hands the stock of the single variant on to the rows that take its place", () => {
    expect(regrow([single], [], [sizes]).map(({ stock }) => stock)).toEqual(["4", "4"]);
  });

  it("keeps what was typed in a row when a value is added beside it", () => {
    const typed = regrow([single], [], [sizes]).map((row) => ({ ...row, sku: `S-${rowName(row)}` }));
    const more = { ...sizes, values: ["50", "52", "54"] };
    expect(regrow(typed, [sizes], [more]).map(({ sku }) => sku)).toEqual(["S-50", "S-52", ""]);
  });

  it("keeps what was typed when an option is only renamed", () => {
    const typed = regrow([single], [], [sizes]).map((row) => ({ ...row, price: "10" }));
    const renamed = regrow(typed, [sizes], [{ ...sizes, name: "Size" }]);
    expect(renamed.map(({ price }) => price)).toEqual(["10", "10"]);
  });

  it("splits a row by a new option without losing its price", () => {
    const typed = regrow([single], [], [sizes]).map((row) => ({ ...row, price: `${rowName(row)}00` }));
    const split = regrow(typed, [sizes], [sizes, metal]);
    expect(split.map(({ price }) => price)).toEqual(["5000", "5000", "5200", "5200"]);
  });

  it("leaves out the combinations that the seller does not make", () => {
    const all = regrow([single], [], [sizes, metal]);
    const rows = regrow(all, [sizes, metal], [sizes, metal], all.slice(3));
    expect(rows.map(rowName)).toEqual(["50 / Gold", "50 / Silver", "52 / Gold"]);
  });

  it("brings a row back as it was", () => {
    const all = regrow([single], [], [sizes]).map((row) => ({ ...row, sku: rowName(row) }));
    expect(regrow([...all.slice(1), ...all.slice(0, 1)], [sizes], [sizes])).toEqual(all);
  });

  it("ignores an option that has no values yet", () => {
    const unfinished = { name: "Metal", values: [] };
    expect(countCombinations([sizes, unfinished])).toBe(2);
    expect(regrow([single], [], [unfinished])).toEqual([single]);
  });

  it("writes a row's options as the API has them", () => {
    const [row] = regrow([single], [], [{ ...sizes, name: " Ring size " }, metal]);
    expect(optionsOf(row as VariantRow, [{ ...sizes, name: " Ring size " }, metal])).toEqual({
      "Ring size": "50",
      Metal: "Gold",
    });
  });

  it("reads the options of an existing product in the order of its variants", () => {
    const variants = [{ options: { Size: "52" } }, { options: { Size: "50" } }, { options: { Size: "52" } }];
    expect(axesOf(variants)).toEqual([{ name: "Size", values: ["52", "50"] }]);
    expect(axesOf([{ options: {} }])).toEqual([]);
  });

  it("knows the combinations that an existing product is not made in", () => {
    const all = regrow([single], [], [sizes, metal]);
    expect(missing([sizes, metal], all.slice(1)).map(rowName)).toEqual(["50 / Gold"]);
    expect(missing([sizes, metal], all)).toEqual([]);
    expect(missing([], [single])).toEqual([]);
  });
});
