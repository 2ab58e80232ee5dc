import type { Transaction, TransactionKind } from "@carat/api-client";
import { describe, expect, it } from "vitest";
import { kindOptions, sentenceOf, sentenceText } from "./sentences";

const moved = (kind: string, amount: number, order_id: string | null = "o1") => ({
  kind: kind as TransactionKind,
  amount: { amount, currency: "EUR" },
  description: "Something [else]",
  order_id,
});

const kinds: Transaction["kind"][] = [
  "top_up",
  "order_held",
  "order_paid",
  "order_hold_released",
  "gift_card_issued",
  "gift_card_sold",
  "gift_card_voided",
  "gift_card_redeemed",
  "gift_card_expired",
  "refund",
  "refund_failed",
  "dispute",
  "dispute_won",
  "dispute_fee",
  "dispute_fee_returned",
  "payout",
  "payout_failed",
];

describe("a movement of money", () => {
  it("is a sentence for every kind, and never a code", () => {
    for (const kind of kinds)
      for (const amount of [5_000, -5_000])
        expect(sentenceText(moved(kind, amount)), kind).toMatch(/^[A-Z][a-z ,]+$/);
  });

  it("differs between those who pay and those who earn", () => {
    expect(sentenceText(moved("order_paid", -5_000))).toBe("You paid for an order by card");
    expect(sentenceText(moved("order_paid", 5_000))).toBe("You sold pieces in an order");
    expect(sentenceText(moved("refund", 5_000))).toBe("You got money back from an order");
    expect(sentenceText(moved("refund", -5_000))).toBe("Money for an order went back to your customer");
  });

  it("leads to its order, as a customer's or as a seller's", () => {
    expect(sentenceOf(moved("order_held", -5_000))).toEqual([
      { text: "Your balance was used for " },
      { order: "an order", id: "o1", sold: false },
    ]);
    expect(sentenceOf(moved("order_paid", 5_000)).at(-1)).toEqual({
      order: "an order",
      id: "o1",
      sold: true,
    });
  });

  it("leads nowhere where no order is named", () => {
    expect(sentenceOf(moved("gift_card_redeemed", 5_000))).toEqual([{ text: "You redeemed a gift card" }]);
    expect(sentenceOf(moved("gift_card_sold", 5_000, null)).every((piece) => "text" in piece)).toBe(true);
  });

  it("is another where it is about a payment into the balance", () => {
    expect(sentenceText(moved("refund", -5_000, null))).toBe(
      "Money from your balance went back to your card",
    );
    expect(sentenceText(moved("refund_failed", 5_000, null))).toMatch(/came back$/);
    expect(sentenceText(moved("dispute", -5_000, null))).toBe("You disputed a payment into your balance");
    expect(sentenceText(moved("dispute_won", 5_000, null))).toMatch(/stands$/);
  });

  it("is told in the server's words where this page does not know its kind yet", () => {
    expect(sentenceText(moved("comet_sighted", 5_000))).toBe("Something else");
  });
});

describe("the filter", () => {
  it("offers sellers what they earn, too", () => {
    const names = (role: "customer" | "seller") => kindOptions(role).map(([kind]) => kind);
    expect(names("customer")).not.toContain("payout");
    expect(names("seller")).toContain("payout");
    for (const role of ["customer", "seller"] as const)
      expect(kinds).toEqual(expect.arrayContaining(names(role)));
  });
});
