import { Problem } from "@carat/api-client";
import { describe, expect, it } from "vitest";
import { saidOfCard, saidOfProblem } from "./words";

const problem = (code: string) => new Problem({ status: 400, code, title: code });

describe("what is said of a gift card that cannot be used", () => {
  it("differs for each reason, whether it was looked at or redeemed", () => {
    const codes = [
      "gift-card-not-found",
      "gift-card-already-redeemed",
      "gift-card-expired",
      "gift-card-disabled",
      "too-many-attempts",
      "rate-limited",
      "network",
    ];
    const titles = codes.map((code) => saidOfProblem(problem(code), "redeem")?.title);
    expect(new Set(titles).size).toBe(codes.length);
    expect(titles).not.toContain(undefined);
  });

  it("is nothing for a card that can", () => {
    expect(saidOfCard("active", null)).toBeUndefined();
  });

  it("names the last day on which it was good", () => {
    const midnight = new Date(2026, 4, 4).toISOString();
    expect(saidOfCard("expired", midnight)?.title).toMatch(/3/);
    expect(saidOfCard("expired", null)?.title).toBe("This gift card has expired");
  });

  it("leaves what we have no words for to the server's", () => {
    expect(saidOfProblem(problem("internal-error"), "check")).toBeUndefined();
  });

  it("says of an answer that was lost that trying again is safe", () => {
    expect(saidOfProblem(problem("network"), "redeem")?.text).toContain("once, never twice");
    expect(saidOfProblem(problem("network"), "check")?.text).not.toContain("redeemed");
  });
});
