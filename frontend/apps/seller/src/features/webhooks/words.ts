/** What is said about webhooks: their events, how deliveries stand, and what went wrong. */
import type { Webhook, WebhookAttempt, WebhookDeliveryStatus, WebhookEvent } from "@carat/api-client";
import type { Tone } from "@carat/ui";

type Asked = Exclude<WebhookEvent, "webhook.test">;

const orders: [Asked, string][] = [
  ["order.placed", "An order was placed"],
  ["order.paid", "It is paid"],
  ["order.cancelled", "It was given up before it was paid"],
  ["order.expired", "It was not paid in time"],
  ["order.refunded", "Money of it went back"],
];
const payments: [Asked, string][] = [
  ["payment.succeeded", "A payment succeeded"],
  ["payment.failed", "It failed"],
  ["payment.held", "It is held for review"],
  ["payment.disputed", "The customer disputes it"],
];
const giftCards: [Asked, string][] = [
  ["gift_card.issued", "A gift card was issued"],
  ["gift_card.redeemed", "It was redeemed"],
  ["gift_card.disabled", "It was disabled"],
  ["gift_card.enabled", "It was enabled again"],
  ["gift_card.expired", "It has expired"],
];

/** What can be asked for, in groups. Gift cards are the platform's. */
export function eventGroups(role: "seller" | "admin" | "customer"): Record<string, [Asked, string][]> {
  return {
    Orders: orders,
    Payments: payments,
    ...(role === "admin" && { "Gift cards": giftCards }),
  };
}

export const deliveryNames: Record<WebhookDeliveryStatus, string> = {
  waiting: "Waiting",
  delivered: "Delivered",
  failed: "Failed",
};

export const deliveryTones: Record<WebhookDeliveryStatus, Tone> = {
  waiting: "warning",
  delivered: "success",
  failed: "danger",
};

/** How a webhook stands, in a word. */
export function standing({ enabled, failing_since }: Pick<Webhook, "enabled" | "failing_since">): {
  name: string;
  tone: Tone;
} {
  if (!enabled) return { name: "Off", tone: "neutral" };
  return failing_since ? { name: "Failing", tone: "danger" } : { name: "On", tone: "success" };
}

export const offReasons: Record<NonNullable<Webhook["disabled_reason"]>, string> = {
  by_owner: "You switched it off. Events that happen meanwhile are not kept for it.",
  gone: "It answered 410 Gone, which says that it wants no more messages.",
  failing: "Nothing had arrived there for five days.",
};

const faults: Record<NonNullable<WebhookAttempt["fault"]>, string> = {
  timed_out: "No answer within 15 seconds",
  name_not_found: "The name leads nowhere",
  forbidden_address: "The name leads to an address that is not of the internet",
  not_reached: "No secure connection",
  no_answer: "The connection ended without an answer",
  not_signed: "The secret could not be opened: make a new one",
};

/** What came of a try: "Answered 500", or why there was no answer. */
export function outcome({ status_code, fault }: Pick<WebhookAttempt, "status_code" | "fault">): string {
  if (fault) return faults[fault];
  return `Answered ${status_code}`;
}

/** "3 events", or the only one's name. */
export function eventCount(events: readonly WebhookEvent[]): string {
  return events.length === 1 ? (events[0] ?? "") : `${events.length} events`;
}
