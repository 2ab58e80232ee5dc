import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { emptyGift, formatGiftDay, giftOf, giftSchema, inAYear, today } from "./gift";

const faults = (change: Partial<typeof emptyGift>) => {
  const filled = { ...emptyGift, email: "grace@example.com", ...change };
  return v.safeParse(giftSchema, filled).issues?.map((issue) => v.getDotPath(issue)) ?? [];
};

describe("what somebody says with a gift card", () => {
  it("needs no more than an address", () => {
    expect(faults({})).toEqual([]);
    expect(faults({ email: "" })).toContain("email");
    expect(faults({ email: "grace" })).toEqual(["email"]);
    expect(giftOf({ ...emptyGift, email: " Grace@Example.com " })).toEqual({
      recipient_email: "grace@example.com",
      recipient_name: null,
      sender_name: null,
      message: null,
      deliver_on: null,
    });
  });

  it("comes on a day from today to a year from now", () => {
    for (const day of [today(), inAYear()]) expect(faults({ day })).toEqual([]);
    for (const day of ["2020-01-01", "2096-01-01"]) expect(faults({ day })).toEqual(["day"]);
    expect(formatGiftDay("2026-12-24")).toBe("24 December 2026");
  });
});
