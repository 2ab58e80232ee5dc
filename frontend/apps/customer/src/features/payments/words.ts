/** Where a payment stands, in words. */
import type { Payment } from "@carat/api-client";
import { formatMoney } from "@carat/ui";

export interface Said {
  tone: "info" | "success" | "warning";
  title: string;
  text: string;
  /** The gateway's word is awaited: there is nothing to pay any more. */
  confirming: boolean;
}

const told = (tone: Said["tone"], title: string, text: string, confirming = false): Said => ({
  tone,
  title,
  text,
  confirming,
});

/** What it is for, where its customer has not said it. */
export function purposeOf({ purpose, method }: Pick<Payment, "purpose" | "method">): string {
  if (purpose === "top_up") return "Into your balance";
  return method === "balance" ? "For an order, from your balance" : "For an order";
}

/** `justPaid`: they come back from paying. `slow`: the gateway's word takes longer than usual. */
export function saidOf(
  payment: Pick<Payment, "status" | "amount" | "refunded" | "purpose" | "method">,
  justPaid: boolean,
  slow: boolean,
): Said {
  if (payment.purpose === "top_up") return saidOfTopUp(payment, justPaid, slow);
  return payment.method === "balance" ? saidOfBalance(payment) : saidOfOrder(payment, justPaid, slow);
}

const lookedAt = "We are looking at your payment";
const setAside = "Your bank has set the money aside, and nothing is charged yet.";
const soon = "We decide within six days, mostly much sooner.";
const follows = "This takes a few seconds. The page follows by itself.";

function saidOfTopUp(
  { status, amount, refunded }: Pick<Payment, "status" | "amount" | "refunded">,
  justPaid: boolean,
  slow: boolean,
) {
  switch (status) {
    case "succeeded":
      return told(
        "success",
        `${formatMoney(amount)} is in your balance`,
        "It pays for pieces whenever you like.",
      );
    case "partly_refunded":
      return told(
        "success",
        `${formatMoney(amount)} came into your balance`,
        `${formatMoney(refunded)} of it went back to your card.`,
      );
    case "refunded":
      return told(
        "info",
        `${formatMoney(amount)} went back to your card`,
        "It takes a bank up to ten days to show it.",
      );
    case "failed":
      return told("warning", "The payment did not go through", "Nothing was charged. Another card may work.");
    case "cancelled":
      return told("info", "This payment was given up", "Nothing was charged.");
    case "held":
      return told("info", lookedAt, `${setAside} ${soon}`);
    case "pending": {
      if (!justPaid) {
        return told("warning", "It waits for your payment", "The page to pay on is open for half an hour.");
      }
      const text = slow
        ? "This takes longer than usual. You can close this page: the money comes to your balance as soon as it has arrived."
        : follows;
      return told("info", "We are confirming your payment", text, true);
    }
  }
}

/** An order's, by card. */
function saidOfOrder(
  { status, amount, refunded }: Pick<Payment, "status" | "amount" | "refunded">,
  justPaid: boolean,
  slow: boolean,
) {
  switch (status) {
    case "succeeded":
      return told(
        "success",
        `You paid ${formatMoney(amount)}`,
        "Your order is paid. Its page tells what comes next.",
      );
    case "partly_refunded":
    case "refunded":
      return told(
        "info",
        `${formatMoney(refunded)} of ${formatMoney(amount)} went back to your card`,
        "It takes a bank up to ten days to show it. The order's page tells what it is for.",
      );
    case "failed":
      return told(
        "warning",
        "The payment did not go through",
        "Nothing was charged, and the order is cancelled. You can order its pieces again from its page.",
      );
    case "cancelled":
      return told("info", "This payment was given up", "Nothing was charged. The order's page tells why.");
    case "held":
      return told("info", lookedAt, `${setAside} ${soon} Your order waits until then.`);
    case "pending": {
      if (!justPaid) {
        return told("warning", "Your order waits for this payment", "Its pieces are kept for you meanwhile.");
      }
      const text = slow
        ? "This takes longer than usual. You can close this page: your order is paid as soon as the money has arrived."
        : follows;
      return told("info", "We are confirming your payment", text, true);
    }
  }
}

/** An order's, from the balance: there is nothing to do but to wait for the card's page to be closed. */
function saidOfBalance({ status, amount }: Pick<Payment, "status" | "amount">) {
  switch (status) {
    case "succeeded":
    case "partly_refunded":
    case "refunded":
      return told(
        "success",
        `Your balance paid ${formatMoney(amount)}`,
        "Your order is paid. Its page tells what comes next.",
      );
    case "failed":
    case "cancelled":
      return told(
        "warning",
        "Your balance did not pay this order",
        "Nothing was taken from it. The order's page tells why.",
      );
    case "held":
    case "pending":
      return told(
        "info",
        "Your balance is about to pay",
        "It pays as soon as the card page is closed.",
        true,
      );
  }
}
