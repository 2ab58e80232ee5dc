/** What is asked before gift cards are issued, checked before the server is asked, and what the server is asked then. */
import type { IssueGiftCardsRequest, OrderGiftCardBatchRequest } from "@carat/api-client";
import { endOf, type MoneyValue, parseAmount } from "@carat/ui";
import * as v from "valibot";

/** So many are issued while one waits; more of them are a batch, issued in the background. */
export const mostAtOnce = 100;
export const mostInBatch = 10_000;

export const issueSchema = v.pipe(
  v.object({
    value: v.string(),
    currency: v.string(),
    quantity: v.pipe(
      v.string(),
      v.trim(),
      v.regex(/^\d+$/, "Enter a number."),
      v.check(
        (text) => count(text) >= 1 && count(text) <= mostInBatch,
        `From 1 to ${mostInBatch.toLocaleString()}.`,
      ),
    ),
    day: v.pipe(
      v.string(),
      v.check((day) => day === "" || isToCome(day), "Choose a day to come."),
    ),
    recipient: v.pipe(
      v.string(),
      v.trim(),
      v.union(
        [v.literal(""), v.pipe(v.string(), v.email("This is no e-mail address."))],
        "This is no e-mail address.",
      ),
    ),
    /** Whom the mail greets, who gives it, what they say, and on which day it comes. */
    to: v.pipe(v.string(), v.trim(), v.maxLength(60, "60 characters at the most.")),
    from: v.pipe(v.string(), v.trim(), v.maxLength(60, "60 characters at the most.")),
    message: v.pipe(v.string(), v.trim(), v.maxLength(500, "500 characters at the most.")),
    deliverOn: v.pipe(
      v.string(),
      v.check((day) => day === "" || isToCome(day), "Choose a day to come."),
    ),
    note: v.pipe(v.string(), v.trim(), v.maxLength(200, "200 characters at the most.")),
  }),
  v.forward(
    v.check((form) => (parseAmount(form.value, form.currency) ?? 0) > 0, "Enter what each card is worth."),
    ["value"],
  ),
);

export type IssueForm = v.InferOutput<typeof issueSchema>;

export const emptyForm = (currency: string): IssueForm => ({
  value: "",
  currency,
  quantity: "1",
  day: "",
  recipient: "",
  to: "",
  from: "",
  message: "",
  deliverOn: "",
  note: "",
});

/** Whether so many are a batch. */
export function isBatch({ quantity }: IssueForm): boolean {
  return count(quantity) > mostAtOnce;
}

export function batchOf({ value, currency, quantity, day, note }: IssueForm): OrderGiftCardBatchRequest {
  return {
    value: { amount: parseAmount(value, currency) ?? 0, currency },
    quantity: count(quantity),
    expires_at: endOf(day)?.toISOString() ?? null,
    note: note.trim() || null,
  };
}

/** A card is good until the end of its last day, where the one is who issues it. */
export function requestOf(form: IssueForm): IssueGiftCardsRequest {
  const { value, currency, quantity, day, recipient } = form;
  return {
    value: { amount: parseAmount(value, currency) ?? 0, currency },
    quantity: count(quantity),
    expires_at: endOf(day)?.toISOString() ?? null,
    recipient_email: recipient.trim() || null,
    // Words are for whoever gets the mail.
    ...(recipient.trim() && {
      recipient_name: form.to.trim() || null,
      sender_name: form.from.trim() || null,
      message: form.message.trim() || null,
      deliver_on: form.deliverOn || null,
    }),
  };
}

/** What all of them are worth together, as far as it can be told from what is typed. */
export function totalOf({ value, currency, quantity }: IssueForm): MoneyValue | undefined {
  const each = parseAmount(value, currency);
  const cards = count(quantity);
  if (!each || !(cards >= 1 && cards <= mostInBatch)) return undefined;
  const amount = each * cards;
  return Number.isSafeInteger(amount) ? { amount, currency } : undefined;
}

/** The fields that the server names differently. */
export const serverNames: Record<string, keyof IssueForm> = {
  value: "value",
  "value.amount": "value",
  "value.currency": "currency",
  quantity: "quantity",
  expires_at: "day",
  recipient_email: "recipient",
  recipient_name: "to",
  sender_name: "from",
  message: "message",
  deliver_on: "deliverOn",
  note: "note",
};

function count(text: string): number {
  return /^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN;
}

function isToCome(day: string): boolean {
  const end = endOf(day);
  return end !== undefined && end.getTime() > Date.now();
}
