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

/** `justPaid`: they come back from paying. `slow`: the gateway's word takes longer than usual. */
export function saidOf(
  payment: Pick<Payment, "status" | "amount" | "refunded">,
  justPaid: boolean,
  slow: boolean,
): Said {
  const amount = formatMoney(payment.amount);
  switch (payment.status) {
    case "succeeded":
      return told("success", `${amount} is in your balance`, "It pays for pieces whenever you like.");
    case "partly_refunded":
      return told(
        "success",
        `${amount} came into your balance`,
        `${formatMoney(payment.refunded)} of it went back to your card.`,
      );
    case "refunded":
      return told("info", `${amount} went back to your card`, "It takes a bank up to ten days to show it.");
    case "failed":
      return told("warning", "The payment did not go through", "Nothing was charged. Another card may work.");
    case "cancelled":
      return told("info", "This payment was given up", "Nothing was charged.");
    case "held":
      return told(
        "info",
        "We are looking at your payment",
        "Your bank has set the money aside, and nothing is charged yet. We decide within six days, mostly much sooner.",
      );
    case "pending": {
      if (!justPaid) {
        return told("warning", "It waits for your payment", "The page to pay on is open for half an hour.");
      }
      const text = slow
        ? "This takes longer than usual. You can close this page: the money comes to your balance as soon as it has arrived."
        : "This takes a few seconds. The page follows by itself.";
      return told("info", "We are confirming your payment", text, true);
    }
  }
}
