/** What is said about gift cards: their state, how to call them, and how long they are good. */
import type { GiftCard, GiftCardBatch, GiftCardBatchStatus, GiftCardStatus } from "@carat/api-client";
import { lastMomentOf, type Tone } from "@carat/ui";
import { formatDay } from "../../app/dates";

export const statusNames: Record<GiftCardStatus, string> = {
  active: "Active",
  redeemed: "Redeemed",
  disabled: "Disabled",
  expired: "Expired",
};

export const statusTones: Record<GiftCardStatus, Tone> = {
  active: "success",
  redeemed: "neutral",
  disabled: "danger",
  expired: "warning",
};

/** By the end of its code, which is all that is known of it. */
export function callName({ last4 }: Pick<GiftCard, "last4">): string {
  return `···· ${last4}`;
}

/** The last day on which it is good. */
export function goodUntil(expiresAt: string): string {
  return formatDay(lastMomentOf(expiresAt).toISOString());
}

/** "1 card", "3 cards". */
export function cardCount(cards: number): string {
  return cards === 1 ? "1 card" : `${cards.toLocaleString()} cards`;
}

export const batchStatusNames: Record<GiftCardBatchStatus, string> = {
  issuing: "Being issued",
  ready: "Codes to download",
  downloaded: "Codes downloaded",
  lapsed: "Codes forgotten",
};

export const batchStatusTones: Record<GiftCardBatchStatus, Tone> = {
  issuing: "neutral",
  ready: "warning",
  downloaded: "success",
  lapsed: "danger",
};

/** "620 × €25.00" is said with its number first. */
export function batchCount({ quantity }: Pick<GiftCardBatch, "quantity">): string {
  return cardCount(quantity);
}
