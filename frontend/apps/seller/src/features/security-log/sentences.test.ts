import { describe, expect, it } from "vitest";
import { kindName, kindOptions, kinds, weightOf } from "./kinds";
import { sentenceText } from "./sentences";

const event = (kind: string, details: Record<string, string> = {}) => ({
  kind,
  details,
  email: "ada@example.com",
  actor_id: "admin-1",
  actor_email: null as string | null,
});

describe("an event of the security log", () => {
  it("is a sentence for every kind, and never a code", () => {
    for (const kind of kinds) {
      const text = sentenceText(event(kind));
      expect(text, kind).not.toMatch(/[{}_]|undefined/);
      expect(text, kind).not.toContain(`${kindName(kind)}:`);
    }
  });

  it("names whose account it is about", () => {
    expect(sentenceText(event("login_failed"))).toBe("A sign-in as ada@example.com failed");
    expect(sentenceText({ ...event("login_failed"), email: null })).toBe("A sign-in as somebody failed");
  });

  it("names who did it, and says so to those who did it themselves", () => {
    const change = event("role_changed", { from: "customer", to: "seller" });
    const told = "changed the role of ada@example.com from customer to seller";
    expect(sentenceText(change)).toBe(`An administrator ${told}`);
    expect(sentenceText({ ...change, actor_email: "grace@example.com" })).toBe(`grace@example.com ${told}`);
    expect(sentenceText(change, "admin-1")).toBe(`You ${told}`);
  });

  it("says what it knows, and leaves out what it does not", () => {
    expect(sentenceText(event("bulk_registered", { created: "12" }))).toBe(
      "An administrator registered 12 users at once",
    );
    expect(sentenceText(event("bulk_registered"))).toBe("An administrator registered users at once");
    expect(sentenceText(event("role_changed", { to: "king" }))).toBe(
      "An administrator changed the role of ada@example.com",
    );
  });

  it("says how somebody signed in, and how many sessions they ended", () => {
    expect(sentenceText(event("login_succeeded", { method: "passkey" }))).toBe(
      "ada@example.com signed in with a passkey",
    );
    expect(sentenceText(event("login_succeeded", { method: "magic" }))).toBe("ada@example.com signed in");
    expect(sentenceText(event("session_ended", { sessions: "3" }))).toBe("ada@example.com ended 3 sessions");
  });

  it("says how many gift cards were issued, and what each is worth", () => {
    const issued = event("gift_cards_issued", { quantity: "3", value: "50.00 EUR" });
    expect(sentenceText(issued, "admin-1")).toBe("You issued 3 gift cards worth 50.00 EUR");
    expect(sentenceText(event("gift_cards_issued", { quantity: "1" }))).toBe(
      "An administrator issued one gift card",
    );
  });

  it("is not led astray by a name that somebody chose", () => {
    expect(sentenceText(event("passkey_added", { name: "{actor}\nnew" }))).toBe(
      "ada@example.com added a passkey, “actor new”",
    );
  });

  it("is told in words even where the app does not know its kind yet", () => {
    expect(sentenceText(event("comet_sighted"))).toBe("Comet sighted: ada@example.com");
    expect(kindName("comet_sighted")).toBe("Comet sighted");
    expect(weightOf("comet_sighted")).toBe("noted");
  });
});

describe("the kinds", () => {
  it("stand in the filter once each", () => {
    const offered = Object.values(kindOptions).flatMap((group) => group.map(([kind]) => kind));
    expect(offered).toEqual(kinds);
    expect(new Set(offered).size).toBe(63);
  });
});
