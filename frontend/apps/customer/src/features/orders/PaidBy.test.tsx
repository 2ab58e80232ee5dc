import type { Order } from "@carat/api-client";
import { cleanup, render } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { PaidBy } from "./PaidBy";

const euros = (amount: number) => ({ amount, currency: "EUR" });
const held = [
  { kind: "gift_card", amount: euros(2000), last4: "7KX2" },
  { kind: "balance", amount: euros(3000) },
] as Order["paid_by"];

afterEach(cleanup);

function shown(order: Partial<Order>): string {
  const { container } = render(<PaidBy order={{ total: euros(12900), ...order } as Order} />);
  return container.textContent ?? "";
}

describe("with what an order is paid", () => {
  it("is told part by part, in its order", () => {
    const card = { kind: "card", amount: euros(7900) } as const;
    const text = shown({ status: "paid", paid_by: [...held, card] });
    expect(text).toMatch(/Gift card.*7KX2€20\.00Your balance€30\.00Card€79\.00$/);
  });

  it("ends with what is left to pay while the order waits for it", () => {
    expect(shown({ status: "pending_payment", paid_by: held })).toMatch(/Left to pay€79\.00$/);
  });

  it("is no news where all of it is paid by card, or was given back", () => {
    expect(shown({ status: "paid", paid_by: [{ kind: "card", amount: euros(12900) }] })).toBe("");
    expect(shown({ status: "pending_payment", paid_by: [] })).toBe("");
    expect(shown({ status: "cancelled", paid_by: [] })).toBe("");
  });
});
