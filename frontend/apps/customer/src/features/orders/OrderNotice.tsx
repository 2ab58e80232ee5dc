/** The one sentence that matters now: thank you, we are confirming, it did not go through, it is over. */
import type { Order } from "@carat/api-client";
import { Notice } from "@carat/ui";
import { confirmationTime } from "./queries";
import { isHeld, paymentFailed } from "./status";

interface Props {
  order: Order;
  justPaid: boolean;
  /** When the page was opened, in milliseconds. */
  opened: number;
}

export function OrderNotice({ order, justPaid, opened }: Props) {
  const { status, email } = order;
  if (status === "paid") {
    return (
      <Notice tone="success" title="Thank you, your order is paid" className="mt-6">
        <p>
          We have written to {email}.{" "}
          {order.shipping_address
            ? "The makers prepare your pieces now."
            : "The gift cards are mailed to whom they are for."}
        </p>
      </Notice>
    );
  }
  if (paymentFailed(order)) {
    return (
      <Notice tone="warning" title="The payment did not go through" className="mt-6">
        <p>Nothing was charged, and the pieces are back on sale. Order again to pay with another card.</p>
      </Notice>
    );
  }
  if (isHeld(order)) {
    return (
      <Notice title="We are looking at your payment" className="mt-6">
        <p>
          Your bank has set the money aside, and nothing is charged yet. We decide within six days, mostly
          much sooner, and write to {email}. What you ordered is kept for you.
        </p>
      </Notice>
    );
  }
  if (status === "pending_payment" && justPaid) {
    const slow = Date.now() - opened > confirmationTime;
    return (
      <Notice title="We are confirming your payment" className="mt-6">
        <p>
          {slow
            ? "This takes longer than usual. You can close this page: we write to you as soon as the payment has arrived."
            : "This takes a few seconds. The page follows by itself."}
        </p>
      </Notice>
    );
  }
  if (status === "pending_payment") {
    return (
      <Notice tone="warning" title="Your order waits for its payment" className="mt-6">
        <p>The pieces are set aside for you until {until(order)}.</p>
      </Notice>
    );
  }
  if (status === "cancelled" || status === "expired") {
    return (
      <Notice
        title={status === "expired" ? "This order was not paid in time" : "This order is cancelled"}
        className="mt-6"
      >
        <p>Nothing was charged, and the pieces are back on sale.</p>
      </Notice>
    );
  }
  return null;
}

const minutesToPay = 30;

function until({ created_at }: Order): string {
  const end = new Date(Date.parse(created_at) + minutesToPay * 60_000);
  return end.toLocaleTimeString(undefined, { timeStyle: "short" });
}
