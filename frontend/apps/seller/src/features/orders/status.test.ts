import { describe, expect, it } from "vitest";
import { eventName, statusName } from "./status";

describe("the state of an order", () => {
  it("is told in the seller's words", () => {
    expect(statusName("pending_payment")).toBe("Awaiting payment");
    expect(eventName("placed")).toBe("Order placed");
  });

  it("is told in words even where the app does not know it yet", () => {
    expect(statusName("held_back" as "paid")).toBe("Held back");
    expect(eventName("picked_up" as "paid")).toBe("Picked up");
  });
});
