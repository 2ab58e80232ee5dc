/** What went back of an order, or of the seller's pieces of it, and the way to give more back. */
import type { Refund } from "@carat/api-client";
import { Badge, Button, Money, type Tone } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { formatTime } from "../../app/dates";
import { PanelProblem } from "../../app/Panel";
import { RefundDialog } from "./RefundDialog";
import { type Giver, type RefundedOrder, refundsQuery, totalLeft } from "./refunds";

const looks: Record<Refund["status"], [name: string, tone: Tone]> = {
  pending: ["On its way", "warning"],
  succeeded: ["Given back", "success"],
  failed: ["Did not arrive", "danger"],
};

const tenders = { gift_card: "gift card", balance: "store balance", card: "card" } as const;

export function Refunds({ order, by }: { order: RefundedOrder; by: Giver }) {
  const refunds = useQuery(refundsQuery(order.id, by));
  const [open, setOpen] = useState(false);
  if (refunds.isError && !refunds.data) return <PanelProblem query={refunds} />;
  const all = refunds.data ?? [];
  const left = totalLeft(order, all);
  return (
    <>
      {all.length === 0 ? (
        <p className="text-muted">Nothing has been given back.</p>
      ) : (
        <ul className="divide-y divide-line">
          {all.map((refund) => (
            <RefundRow key={refund.id} refund={refund} by={by} />
          ))}
        </ul>
      )}
      {refunds.data && left.amount > 0 && (
        <Button variant="secondary" className="mt-3" onClick={() => setOpen(true)}>
          Give money back
        </Button>
      )}
      <RefundDialog order={order} by={by} refunds={all} open={open} onClose={() => setOpen(false)} />
    </>
  );
}

function RefundRow({ refund, by }: { refund: Refund; by: Giver }) {
  const [name, tone] = looks[refund.status];
  const parts = refund.lines.map(({ quantity, title }) => (quantity > 0 ? `${quantity} × ${title}` : title));
  if (refund.shipping.amount > 0) parts.push("delivery");
  return (
    <li className="py-2.5 first:pt-0">
      <div className="flex items-baseline justify-between gap-3">
        <Money value={refund.amount} className="font-medium" />
        <Badge tone={tone}>{name}</Badge>
      </div>
      <p className="text-sm text-muted">{parts.join(", ")}</p>
      {refund.to.length > 0 && (
        <p className="text-sm text-muted">
          To{" "}
          {refund.to.map((to, at) => (
            <span key={`${to.kind} ${to.last4}`}>
              {at > 0 && ", "}
              {tenders[to.kind]}
              {to.last4 && ` ${to.last4}`} <Money value={to.amount} />
            </span>
          ))}
        </p>
      )}
      {refund.kept.length > 0 && (
        <p className="text-sm text-danger">
          Not given back, since somebody has used them:{" "}
          {refund.kept.map(({ quantity, title }) => `${quantity} × ${title}`).join(", ")}
        </p>
      )}
      {refund.status === "failed" && (
        <p className="text-sm text-danger">
          The card's part came back to {by === "admin" ? "those who gave it" : "you"}. Ask the customer how
          else they can be paid.
        </p>
      )}
      {refund.reason && <p className="text-sm text-muted">“{refund.reason}”</p>}
      <time dateTime={refund.created_at} className="block text-sm text-muted">
        {formatTime(refund.created_at)}
      </time>
    </li>
  );
}
