import { expect, it } from "vitest";
import { parseStatementSearch } from "./list-search";

it("takes days and a currency, and leaves out what is neither", () => {
  expect(parseStatementSearch({ currency: "EUR", from: "2026-11-01", to: "2026-11-30" })).toEqual({
    currency: "EUR",
    from: "2026-11-01",
    to: "2026-11-30",
  });
  expect(parseStatementSearch({ currency: "euro", from: "yesterday", to: "" })).toEqual({});
});
