import { parseSearch, stringifySearch } from "@carat/api-client";
import { describe, expect, it } from "vitest";
import { asked, parseMovementSearch } from "./list-search";

const read = (query: string) => parseMovementSearch(parseSearch(query));

describe("the address of the balance", () => {
  it("says the kind and the days", () => {
    const address = "?kind=gift_card_redeemed&from=2026-11-01&to=2026-11-30";
    expect(read(address)).toEqual({ kind: "gift_card_redeemed", from: "2026-11-01", to: "2026-11-30" });
    expect(stringifySearch({ ...read(address) })).toBe(address);
  });

  it("ignores what cannot be", () => {
    expect(read("?kind=DROP%20TABLE&from=2026-02-30&to=tomorrow")).toEqual({});
  });
});

describe("the question to the server", () => {
  it("spans whole days where the reader is", () => {
    expect(asked(read("?from=2026-11-20&to=2026-11-20"))).toEqual({
      from: new Date(2026, 10, 20).toISOString(),
      to: new Date(2026, 10, 21).toISOString(),
    });
  });

  it("leaves out what is open", () => {
    expect(asked({ kind: "refund" })).toEqual({ kind: "refund" });
    expect(asked({})).toEqual({});
  });
});
