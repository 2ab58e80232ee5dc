import { daysAgo } from "@carat/ui";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { batchOf, emptyForm, type IssueForm, isBatch, issueSchema, requestOf, totalOf } from "./form";

const filled = (change: Partial<IssueForm> = {}): IssueForm => ({
  ...emptyForm("EUR"),
  value: "50",
  ...change,
});

const faults = (change: Partial<IssueForm>) => {
  const { issues } = v.safeParse(issueSchema, filled(change));
  return issues?.map((issue) => [v.getDotPath(issue), issue.message]) ?? [];
};

describe("what is asked before gift cards are issued", () => {
  it("may be no more than a value", () => {
    expect(faults({})).toEqual([]);
    expect(requestOf(filled())).toEqual({
      value: { amount: 5_000, currency: "EUR" },
      quantity: 1,
      expires_at: null,
      recipient_email: null,
    });
  });

  it("takes amounts as people type them, in the currency's own decimals", () => {
    expect(requestOf(filled({ value: "1.250,50" })).value).toEqual({ amount: 125_050, currency: "EUR" });
    expect(requestOf(filled({ value: "5000", currency: "JPY" })).value.amount).toBe(5_000);
    expect(faults({ value: "50.5", currency: "JPY" })).toEqual([["value", "Enter what each card is worth."]]);
    expect(faults({ value: "0" })).toEqual([["value", "Enter what each card is worth."]]);
  });

  it("makes from 1 to 10,000 cards, more than 100 of them as a batch", () => {
    for (const quantity of ["1", " 100 ", "10000"]) expect(faults({ quantity })).toEqual([]);
    for (const quantity of ["0", "10001"])
      expect(faults({ quantity })).toEqual([["quantity", "From 1 to 10,000."]]);
    expect(["100", "101"].map((quantity) => isBatch(filled({ quantity })))).toEqual([false, true]);
    expect(batchOf(filled({ quantity: "500", note: " Fair " }))).toEqual({
      value: { amount: 5_000, currency: "EUR" },
      quantity: 500,
      expires_at: null,
      note: "Fair",
    });
    expect(faults({ quantity: "ten" })[0]).toEqual(["quantity", "Enter a number."]);
  });

  it("lets a card be good until the end of its last day", () => {
    expect(faults({ day: daysAgo(0) })).toEqual([]);
    expect(faults({ day: daysAgo(1) })).toEqual([["day", "Choose a day to come."]]);
    expect(requestOf(filled({ day: "2031-05-31" })).expires_at).toBe(new Date(2031, 5, 1).toISOString());
  });

  it("needs a real address where one is given", () => {
    expect(faults({ recipient: "ada" })).toEqual([["recipient", "This is no e-mail address."]]);
    expect(requestOf(filled({ recipient: " ada@example.com " })).recipient_email).toBe("ada@example.com");
  });

  it("sends words to a recipient, and to nobody without one", () => {
    const words = { to: "Grace", from: " Ada ", message: "Hello", deliverOn: daysAgo(-3) };
    expect(requestOf(filled({ ...words, recipient: "grace@example.com" }))).toMatchObject({
      recipient_email: "grace@example.com",
      recipient_name: "Grace",
      sender_name: "Ada",
      message: "Hello",
      deliver_on: daysAgo(-3),
    });
    expect(requestOf(filled(words))).not.toHaveProperty("message");
    expect(faults({ deliverOn: daysAgo(1) })).toEqual([["deliverOn", "Choose a day to come."]]);
  });

  it("tells what all cards are worth together, once it can", () => {
    expect(totalOf(filled({ value: "12.50", quantity: "10" }))).toEqual({ amount: 12_500, currency: "EUR" });
    expect(totalOf(filled({ value: "" }))).toBeUndefined();
    expect(totalOf(filled({ quantity: "10001" }))).toBeUndefined();
  });
});
