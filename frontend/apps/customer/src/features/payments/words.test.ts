import { describe, expect, it } from "vitest";
import { pollingInterval } from "./queries";
import { saidOf } from "./words";

const amount = { amount: 5_000, currency: "EUR" };

describe("what is said of a payment", () => {
  it("tells the amount once it has come", () => {
    const said = saidOf({ status: "succeeded", amount }, true, false);
    expect(said.tone).toBe("success");
    expect(said.title).toContain("50");
  });

  it("lets people pay unless they have just done so", () => {
    expect(saidOf({ status: "pending", amount }, false, false).confirming).toBe(false);
    expect(saidOf({ status: "pending", amount }, true, false).confirming).toBe(true);
    expect(saidOf({ status: "pending", amount }, true, true).text).toMatch(/longer than usual/);
  });

  it("never says that something was charged which was not", () => {
    for (const status of ["failed", "cancelled", "held"] as const) {
      expect(saidOf({ status, amount }, true, false).text).toMatch(/nothing (was|is) charged/i);
    }
  });

  it("is asked for anew until the payment has ended", () => {
    const payment = { id: "1", amount, purpose: "top_up", method: "card", created_at: "" } as const;
    expect(pollingInterval({ ...payment, status: "pending" }, 0)).toBe(1_000);
    expect(pollingInterval({ ...payment, status: "pending" }, 60_000)).toBe(10_000);
    expect(pollingInterval({ ...payment, status: "held" }, 0)).toBe(30_000);
    expect(pollingInterval({ ...payment, status: "succeeded" }, 0)).toBe(false);
  });
});
