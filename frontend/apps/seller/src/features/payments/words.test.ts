import { describe, expect, it } from "vitest";
import { parsePaymentSearch } from "./list-search";
import { awaitsDecision, isPaidIn, leftOf, standingOf, whatIsPaid, whyHeld } from "./words";

const review = { reasons: [], decided_by: null, decided_at: null, decide_before: "2026-11-27T00:00:00Z" };

describe("what is said of payments", () => {
  it("names every reason, also one that is not known here", () => {
    expect(whyHeld(["declines", "large_amount"])).toBe("Declined again and again, a large amount");
    expect(whyHeld(["of_tomorrow"])).toBe("Of tomorrow");
  });

  it("calls an order by its number", () => {
    expect(whatIsPaid({ purpose: "order", order_number: "CR-1" })).toBe("Order CR-1");
    expect(whatIsPaid({ purpose: "top_up", order_number: null })).toBe("Store balance");
  });

  it("asks for a decision once", () => {
    expect(awaitsDecision({ status: "held", review: { ...review, status: "open" } })).toBe(true);
    expect(awaitsDecision({ status: "held", review: { ...review, status: "approved" } })).toBe(false);
    expect(awaitsDecision({ status: "pending", review: { ...review, status: "open" } })).toBe(false);
    expect(awaitsDecision({ status: "held", review: null })).toBe(false);
  });
});

describe("what goes back of a payment", () => {
  const eur = (amount: number) => ({ amount, currency: "EUR" });

  it("is what was paid in and has not gone back", () => {
    expect(leftOf({ amount: eur(5_000), refunded: eur(2_000) })).toEqual(eur(3_000));
    expect(isPaidIn({ purpose: "top_up", status: "partly_refunded" })).toBe(true);
    expect(isPaidIn({ purpose: "top_up", status: "pending" })).toBe(false);
    expect(isPaidIn({ purpose: "order", status: "succeeded" })).toBe(false);
  });

  it("is told apart from what a bank takes", () => {
    const names = (kind: "refund" | "dispute") =>
      (["pending", "succeeded", "failed"] as const).map((status) => standingOf({ kind, status })[0]);
    expect(names("refund")).toEqual(["On its way", "Given back", "Did not arrive"]);
    expect(names("dispute")).toEqual(["Disputed", "Dispute lost", "Dispute won"]);
  });
});

describe("the list's address", () => {
  it("keeps what the server knows", () => {
    expect(parsePaymentSearch({ status: "held", q: " ada ", cursor: "c", other: 1 })).toEqual({
      status: "held",
      q: "ada",
      cursor: "c",
    });
    expect(parsePaymentSearch({ status: "lost" })).toEqual({});
  });
});
