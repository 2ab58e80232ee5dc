/** With what an order is paid: gift cards, the balance, the card; and what is left to pay while it waits. */
import type { Order } from "@carat/api-client";
import { Money } from "@carat/ui";
import { leftToPay } from "./status";

type Part = Order["paid_by"][number];

export function PaidBy({ order }: { order: Order }) {
  const { paid_by: parts, status } = order;
  const byCardAlone = parts.every(({ kind }) => kind === "card");
  if (byCardAlone) return null;
  return (
    <dl className="mt-3 ml-auto flex max-w-xs flex-col gap-1 border-t border-line pt-3 text-[0.9375rem]">
      {parts.map((part) => (
        <div
          key={`${part.kind} ${part.last4} ${part.amount.amount}`}
          className="flex justify-between gap-4 text-muted"
        >
          <dt>{nameOf(part)}</dt>
          <dd>
            <Money value={part.amount} />
          </dd>
        </div>
      ))}
      {status === "pending_payment" && (
        <div className="flex justify-between gap-4 font-medium">
          <dt>Left to pay</dt>
          <dd>
            <Money value={leftToPay(order)} />
          </dd>
        </div>
      )}
    </dl>
  );
}

function nameOf({ kind, last4 }: Part) {
  if (kind === "balance") return "Your balance";
  if (kind === "card") return "Card";
  return (
    <>
      Gift card{" "}
      <span className="font-mono whitespace-nowrap">
        <span className="sr-only">ending with </span>
        <span aria-hidden="true">···· </span>
        {last4}
      </span>
    </>
  );
}
