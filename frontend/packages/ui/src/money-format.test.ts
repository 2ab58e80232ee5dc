import { describe, expect, it } from "vitest";
import { formatMoney, parseAmount, toDecimal } from "./money-format";

describe("writing money", () => {
  it("puts two decimals on euros", () => {
    expect(formatMoney({ amount: 12999, currency: "EUR" }, "en-IE")).toBe("€129.99");
  });

  it("puts no decimals on yen", () => {
    expect(formatMoney({ amount: 12999, currency: "JPY" }, "en-US")).toBe("¥12,999");
  });

  it("puts three decimals on Kuwaiti dinars", () => {
    expect(formatMoney({ amount: 12999, currency: "KWD" }, "en-US")).toBe("KWD\u00a012.999");
  });

  it("follows the reader's locale", () => {
    expect(formatMoney({ amount: 1299900, currency: "EUR" }, "de-DE")).toBe("12.999,00\u00a0€");
  });

  it("writes money that leaves with a minus", () => {
    expect(formatMoney({ amount: -5, currency: "EUR" }, "en-IE")).toBe("-€0.05");
  });

  it("keeps every digit of a very large amount", () => {
    expect(toDecimal({ amount: Number.MAX_SAFE_INTEGER, currency: "EUR" })).toBe("90071992547409.91");
  });
});

describe("reading money that somebody typed", () => {
  it.each([
    ["129.99", "EUR", 12999],
    ["129,99", "EUR", 12999],
    ["1.234,50", "EUR", 123450],
    ["1,234.50", "USD", 123450],
    ["1 234", "EUR", 123400],
    ["1.234", "EUR", 123400],
    ["1.234", "KWD", 1234],
    ["12.", "EUR", 1200],
    ["5000", "JPY", 5000],
  ])("reads %s in %s as %i minor units", (typed, currency, amount) => {
    expect(parseAmount(typed, currency)).toBe(amount);
  });

  it.each([
    ["", "EUR"],
    ["abc", "EUR"],
    ["-5", "EUR"],
    ["1.9", "JPY"],
    ["12.345678", "EUR"],
    ["99999999999999999", "EUR"],
  ])("refuses %j in %s", (typed, currency) => {
    expect(parseAmount(typed, currency)).toBeUndefined();
  });
});
