import { describe, expect, it } from "vitest";
import { pollingInterval } from "./queries";
import { purposeOf, saidOf } from "./words";

const amount = { amount: 5_000, currency: "EUR" };
const refunded = { amount: 0, currency: "EUR" };
const topUp = { amount, refunded, purpose: "top_up", method: "card" } as const;
const byCard = { amount, refunded, purpose: "order", method: "card" } as const;
const fromBalance = { amount, refunded, purpose: "order", method: "balance" } as const;
const statuses = ["pending", "held", "succeeded", "failed", "cancelled"] as const;

describe("what is said of a payment", () => {
  it("tells the amount once it has come", () => {
    const said = saidOf({ ...topUp, status: "succeeded" }, true, false);
    expect(said.tone).toBe("success");
    expect(said.title).toContain("50");
  });

  it("tells what has gone back to the card", () => {
    const some = { amount: 2_000, currency: "EUR" };
    expect(saidOf({ ...topUp, status: "partly_refunded", refunded: some }, false, false).text).toContain(
      "20",
    );
    expect(saidOf({ ...topUp, status: "refunded", refunded: amount }, false, false).title).toMatch(
      /went back/,
    );
  });

  it("lets people pay unless they have just done so", () => {
    expect(saidOf({ ...topUp, status: "pending" }, false, false).confirming).toBe(false);
    expect(saidOf({ ...topUp, status: "pending" }, true, false).confirming).toBe(true);
    expect(saidOf({ ...topUp, status: "pending" }, true, true).text).toMatch(/longer than usual/);
  });

  it("never says that something was charged which was not", () => {
    for (const status of ["failed", "cancelled", "held"] as const) {
      for (const payment of [topUp, byCard]) {
        expect(saidOf({ ...payment, status }, true, false).text).toMatch(/nothing (was|is) charged/i);
      }
    }
  });

  it("speaks of the balance for what goes into it or comes from it, and of the order for what pays one", () => {
    for (const status of statuses) {
      const [paidIn, paid, spent] = [topUp, byCard, fromBalance].map((payment) => {
        const { title, text } = saidOf({ ...payment, status }, false, false);
        return `${title} ${text}`;
      });
      expect(paidIn).not.toMatch(/order/i);
      expect(paid).not.toMatch(/balance/i);
      expect(paid).toMatch(/order/i);
      expect(spent).toMatch(/balance/i);
      expect(spent).not.toMatch(/charged|your bank/i);
    }
    expect(saidOf({ ...byCard, status: "pending" }, true, true).text).toMatch(/your order is paid as soon/);
    expect([topUp, byCard, fromBalance].map(purposeOf)).toEqual([
      "Into your balance",
      "For an order",
      "For an order, from your balance",
    ]);
  });

  it("is asked for anew until the payment has ended", () => {
    const payment = { id: "1", amount, refunded, purpose: "top_up", method: "card", created_at: "" } as const;
    expect(pollingInterval({ ...payment, status: "pending" }, 0)).toBe(1_000);
    expect(pollingInterval({ ...payment, status: "pending" }, 60_000)).toBe(10_000);
    expect(pollingInterval({ ...payment, status: "held" }, 0)).toBe(30_000);
    expect(pollingInterval({ ...payment, status: "succeeded" }, 0)).toBe(false);
  });
});
