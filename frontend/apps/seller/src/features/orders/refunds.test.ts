import type { Refund, SellerOrder } from "@carat/api-client";
import { describe, expect, it } from "vitest";
import { leftOf, totalLeft, worthOf } from "./refunds";

const eur = (amount: number) => ({ amount, currency: "EUR" });
const line = (id: string, quantity: number, price: number) => ({
  id,
  quantity,
  unit_price: eur(price),
  total: eur(quantity * price),
});
const order = { lines: [line("a", 3, 1_000), line("b", 1, 500)], total: eur(3_500) } as SellerOrder;
const refund = (status: Refund["status"], line_id: string, quantity: number, amount: number) =>
  ({
    status,
    shipping: eur(0),
    kept: [],
    lines: [{ line_id, title: "", quantity, amount: eur(amount) }],
  }) as Partial<Refund> as Refund;

describe("what is left to give back", () => {
  it("is everything at first", () => {
    expect(totalLeft(order, [])).toEqual(eur(3_500));
    expect(leftOf(order, []).get("a")).toEqual({ pieces: 3, amount: 3_000 });
  });

  it("is less by what went back or is on its way, and not by what failed", () => {
    const refunds = [
      refund("succeeded", "a", 1, 1_000),
      refund("pending", "a", 0, 250),
      refund("failed", "b", 1, 500),
    ];
    expect(leftOf(order, refunds)).toEqual(
      new Map([
        ["a", { pieces: 2, amount: 1_750 }],
        ["b", { pieces: 1, amount: 500 }],
      ]),
    );
    expect(totalLeft(order, refunds)).toEqual(eur(2_250));
  });

  it("is the money alone of pieces that are for sale again and whose money came back", () => {
    const failed = { ...refund("failed", "a", 1, 1_000), restocked: true };
    expect(leftOf(order, [failed]).get("a")).toEqual({ pieces: 2, amount: 3_000 });
  });

  it("is the most that pieces are worth", () => {
    const [ring] = order.lines;
    if (!ring) throw new Error("there is a ring");
    expect(worthOf(ring, 2, { pieces: 2, amount: 1_750 })).toBe(1_750);
    expect(worthOf(ring, 1, { pieces: 2, amount: 1_750 })).toBe(1_000);
  });
});
