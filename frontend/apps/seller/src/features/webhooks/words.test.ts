import { describe, expect, it } from "vitest";
import { eventCount, eventGroups, outcome, standing } from "./words";

describe("the words about webhooks", () => {
  it("offers gift cards to administrators alone", () => {
    expect(Object.keys(eventGroups("seller"))).toEqual(["Orders", "Payments"]);
    expect(Object.keys(eventGroups("admin"))).toContain("Gift cards");
  });

  it("says how a webhook stands: off before failing", () => {
    const since = "2027-01-15T08:00:00Z";
    expect(standing({ enabled: true, failing_since: null }).name).toBe("On");
    expect(standing({ enabled: true, failing_since: since }).name).toBe("Failing");
    expect(standing({ enabled: false, failing_since: since }).name).toBe("Off");
  });

  it("says what came of a try, by status or by fault", () => {
    expect(outcome({ status_code: 500, fault: null })).toBe("Answered 500");
    expect(outcome({ status_code: null, fault: "timed_out" })).toBe("No answer within 15 seconds");
  });

  it("counts events, and names a single one", () => {
    expect(eventCount(["order.paid"])).toBe("order.paid");
    expect(eventCount(["order.paid", "order.placed"])).toBe("2 events");
  });
});
