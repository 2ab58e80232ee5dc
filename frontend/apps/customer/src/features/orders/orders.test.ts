import type { Order } from "@carat/api-client";
import { describe, expect, it } from "vitest";
import { pollingInterval } from "./queries";
import { eventText, paymentFailed } from "./status";

const order = (status: Order["status"], ...kinds: string[]) =>
  ({ status, timeline: kinds.map((kind) => ({ kind, at: "2026-11-21T06:12:00Z" })) }) as Order;

describe("waiting for a payment to be confirmed", () => {
  it("looks every second at first, then more calmly", () => {
    expect(pollingInterval(order("pending_payment"), true, 0)).toBe(1000);
    expect(pollingInterval(order("pending_payment"), true, 60_000)).toBe(5000);
  });

  it("ends as soon as the order has another state", () => {
    expect(pollingInterval(order("paid"), true, 0)).toBe(false);
    expect(pollingInterval(order("expired"), false, 0)).toBe(false);
  });

  it("is calm while somebody looks at the payment", () => {
    const held = {
      ...order("pending_payment"),
      payment: { id: "p", status: "held", redirect_url: null },
    } as const;
    expect(pollingInterval(held as Order, true, 0)).toBe(30_000);
  });

  it("does not hurry for long while nobody has paid", () => {
    expect(pollingInterval(order("pending_payment"), false, 0)).toBe(1000);
    expect(pollingInterval(order("pending_payment"), false, 10_000)).toBe(15_000);
  });
});

describe("an order", () => {
  it("says that the payment failed only when that is how it ended", () => {
    expect(paymentFailed(order("cancelled", "placed", "payment_failed"))).toBe(true);
    expect(paymentFailed(order("cancelled", "placed", "cancelled"))).toBe(false);
    expect(paymentFailed(order("pending_payment", "placed"))).toBe(false);
  });

  it("has readable words even for an event that this page does not know yet", () => {
    expect(eventText("partly_fulfilled")).toBe("partly fulfilled");
  });
});
