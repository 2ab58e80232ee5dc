import { describe, expect, it } from "vitest";
import { beginningOf, daysAgo, endOf, lastMomentOf } from "./days";

describe("a day", () => {
  it("begins at midnight where the reader is, and ends with the next one's beginning", () => {
    expect(beginningOf("2026-11-20")).toEqual(new Date(2026, 10, 20));
    expect(endOf("2026-11-30")).toEqual(new Date(2026, 11, 1));
  });

  it.each(["", "2026-02-30", "0002-01-01", "20.11.2026"])("is not %j", (text) => {
    expect(beginningOf(text)).toBeUndefined();
    expect(endOf(text)).toBeUndefined();
  });

  it("is found by counting back, over the end of a month too, and forward", () => {
    expect(daysAgo(7, new Date(2026, 2, 3, 12))).toBe("2026-02-24");
    expect(daysAgo(0, new Date(2026, 2, 3, 23, 59))).toBe("2026-03-03");
    expect(daysAgo(-1, new Date(2026, 11, 31))).toBe("2027-01-01");
  });

  it("is the last one of what ends at midnight", () => {
    const end = endOf("2027-05-31")?.toISOString() ?? "";
    expect(lastMomentOf(end).getDate()).toBe(31);
  });
});
