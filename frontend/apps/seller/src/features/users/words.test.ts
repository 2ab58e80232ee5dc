import { describe, expect, it } from "vitest";
import { callName, sessionCount, stateOf } from "./words";

describe("what is said about a user", () => {
  it("tells an address that is not proven yet from an account in good order", () => {
    expect(stateOf({ status: "active", email_verified: false })).toBe("unverified");
    expect(stateOf({ status: "active", email_verified: true })).toBe("active");
    expect(stateOf({ status: "disabled", email_verified: false })).toBe("disabled");
  });

  it("uses the name, and the address where there is none", () => {
    expect(callName({ name: "Ada", email: "ada@example.com" })).toBe("Ada");
    expect(callName({ name: " ", email: "ada@example.com" })).toBe("ada@example.com");
  });

  it("counts sessions in words", () => {
    expect([0, 1, 2].map(sessionCount)).toEqual(["No sessions", "1 session", "2 sessions"]);
  });
});
