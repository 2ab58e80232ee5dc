import { describe, expect, it } from "vitest";
import { ago, dateOf } from "./times";

const now = Date.parse("2026-11-21T12:00:00Z");

describe("how long ago something was", () => {
  it.each([
    ["2026-11-21T11:59:30Z", "just now"],
    ["2026-11-21T11:20:00Z", "40 minutes ago"],
    ["2026-11-21T11:00:00Z", "an hour ago"],
    ["2026-11-21T02:00:00Z", "10 hours ago"],
    ["2026-11-20T11:00:00Z", "yesterday"],
    ["2026-11-18T11:00:00Z", "3 days ago"],
  ])("%s is %s", (time, words) => expect(ago(time, now)).toBe(words));

  it("is a date when it was long ago", () => {
    expect(ago("2026-05-01T12:00:00Z", now)).toBe(dateOf("2026-05-01T12:00:00Z"));
  });
});
