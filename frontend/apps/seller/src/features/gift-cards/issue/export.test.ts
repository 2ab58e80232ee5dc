import type { NewGiftCard } from "@carat/api-client";
import { describe, expect, it } from "vitest";
import { codesAsCsv } from "./export";

const card = (change: Partial<NewGiftCard>) =>
  ({
    code: "8Q2M-7KX2-4HTN-0WZC-9D3E-RVJB",
    value: { amount: 5_000, currency: "EUR" },
    expires_at: null,
    recipient_email: null,
    ...change,
  }) as NewGiftCard;

describe("the file of new gift cards", () => {
  it("has a line for each, with its value as a decimal and its last day", () => {
    const midnight = new Date(2027, 5, 1).toISOString();
    const file = codesAsCsv([
      card({ expires_at: midnight, recipient_email: "ada@example.com" }),
      card({ value: { amount: 300, currency: "JPY" } }),
    ]);
    expect(file.split("\r\n")).toEqual([
      "code,value,currency,good_until,recipient_email",
      "8Q2M-7KX2-4HTN-0WZC-9D3E-RVJB,50.00,EUR,2027-05-31,ada@example.com",
      "8Q2M-7KX2-4HTN-0WZC-9D3E-RVJB,300,JPY,,",
      "",
    ]);
  });

  it("is no formula for the spreadsheet that opens it", () => {
    expect(codesAsCsv([card({ recipient_email: "=cmd@example.com" })])).toContain("'=cmd@example.com");
  });
});
