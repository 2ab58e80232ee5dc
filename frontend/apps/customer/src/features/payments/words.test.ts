import { describe, expect, it } from "vitest";
import { pollingInterval } from "./queries";
import { saidOf } from "./words";

const amount = { amount: 5_000, currency: "EUR" };
const refunded = { amount: 0, currency: "EUR" };

describe("what is said of a payment", () => {
  it("tells the amount once it has come", () => {
    const said = saidOf({ status: "succeeded", amount, refunded }, true, false);
    expect(said.tone).toBe("success");
    expect(said.title).toContain("50");
  });

  it("tells what has gone back to the card", () => {
    const some = { amount: 2_000, currency: "EUR" };
    expect(saidOf({ status: "partly_refunded", amount, refunded: some }, false, false).text).toContain("20");
    expect(saidOf({ status: "refunded", amount, refunded: amount }, false, false).title).toMatch(/went back/);
  });

  it("lets people pay unless they have just done so", () => {
    expect(saidOf({ status: "pending", amount, refunded }, false, false).confirming).toBe(false);
    expect(saidOf({ status: "pending", amount, refunded }, true, false).confirming).toBe(true);
    expect(saidOf({ status: "pending", amount, refunded }, true, true).text).toMatch(/longer than usual/);
  });

  it("never says that something was charged which was not", () => {
    for (const status of ["failed", "cancelled", "held"] as const) {
      expect(saidOf({ status, amount, refunded }, true, false).text).toMatch(/nothing (was|is) charged/i);
    }
  });

  it("is asked for anew until the payment has ended", () => {
    const payment = { id: "1", amount, refunded, purpose: "top_up", method: "card", created_at: "" } as const;
    expect(pollingInterval({ ...payment, status: "pending" }, 0)).toBe(1_000);
    expect(pollingInterval({ ...payment, status: "pending" }, 60_000)).toBe(10_000);
    expect(pollingInterval({ ...payment, status: "held" }, 0)).toBe(30_000);
    expect(pollingInterval({ ...payment, status: "succeeded" }, 0)).toBe(false);
  });
});
