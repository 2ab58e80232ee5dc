/** What went back of a top-up, and the way to give more of it back to the card. */
import type { AdminPayment, TopUpRefund } from "@carat/api-client";
import { shownProblem } from "@carat/identity";
import {
  Badge,
  Button,
  Dialog,
  formatMoney,
  Input,
  Money,
  ProblemNotice,
  parseAmount,
  toast,
} from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { formatTime } from "../../app/dates";
import { PanelProblem } from "../../app/Panel";
import { topUpRefunds, useRefundTopUp } from "./queries";
import { leftOf, standingOf } from "./words";

export function TopUpRefunds({ payment }: { payment: AdminPayment }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="secondary" onClick={() => setOpen(true)}>
        {leftOf(payment).amount > 0 ? "Give money back" : "What went back"}
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} title="Back to the card">
        <div className="flex flex-col gap-5">
          <GoneBack payment={payment} />
          {leftOf(payment).amount > 0 && <RefundForm payment={payment} onClose={() => setOpen(false)} />}
        </div>
      </Dialog>
    </>
  );
}

function GoneBack({ payment }: { payment: AdminPayment }) {
  const refunds = useQuery(topUpRefunds(payment.id));
  if (refunds.isError && !refunds.data) return <PanelProblem query={refunds} />;
  const all = refunds.data?.data ?? [];
  if (all.length === 0) return null;
  return (
    <ul className="divide-y divide-line">
      {all.map((refund) => (
        <RefundRow key={refund.id} refund={refund} />
      ))}
    </ul>
  );
}

function RefundRow({ refund }: { refund: TopUpRefund }) {
  const [name, tone] = standingOf(refund);
  const lost = refund.amount.amount - refund.taken.amount;
  return (
    <li className="py-2.5 first:pt-0">
      <div className="flex items-baseline justify-between gap-3">
        <Money value={refund.amount} className="font-medium" />
        <Badge tone={tone}>{name}</Badge>
      </div>
      <p className="text-sm text-muted">
        {formatTime(refund.created_at)}
        {refund.reason && ` · ${refund.reason}`}
      </p>
      {refund.kind === "dispute" && lost > 0 && refund.status !== "failed" && (
        <p className="text-sm text-danger">
          The customer had spent {formatMoney({ ...refund.amount, amount: lost })} of it, which the shop
          bears.
        </p>
      )}
      {refund.kind === "refund" && refund.status === "failed" && (
        <p className="text-sm text-danger">It is in the customer's balance again.</p>
      )}
    </li>
  );
}

function RefundForm({ payment, onClose }: { payment: AdminPayment; onClose: () => void }) {
  const give = useRefundTopUp(payment);
  const left = leftOf(payment);
  const [typed, setTyped] = useState("");
  const [reason, setReason] = useState("");
  const amount = typed.trim() ? (parseAmount(typed, left.currency) ?? 0) : left.amount;
  const tooMuch = amount > left.amount;
  const ready = amount > 0 && !tooMuch;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    give.mutate(
      { amount: { amount, currency: left.currency }, reason: reason.trim() || null },
      {
        onSuccess: (refund) => {
          toast({ message: `${formatMoney(refund.amount)} goes back to the customer's card.` });
          onClose();
        },
      },
    );
  };

  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5">
      <Input
        label={`Amount in ${left.currency}`}
        optional
        inputMode="decimal"
        autoComplete="off"
        className="max-w-56"
        hint={`All that is left, ${formatMoney(left)}, if you leave it empty.`}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        error={tooMuch ? `No more than ${formatMoney(left)} is left.` : undefined}
      />
      <Input
        label="Reason"
        optional
        maxLength={500}
        autoComplete="off"
        hint="For whoever looks at the payment later."
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <p className="text-sm text-muted">
        It is taken off the customer's balance, which must still hold it, and the customer gets a mail.
      </p>
      <ProblemNotice problem={shownProblem(give.error)} />
      <div className="flex flex-wrap gap-3">
        <Button type="submit" pending={give.isPending} disabled={!ready}>
          {ready ? `Give back ${formatMoney({ ...left, amount })}` : "Give back"}
        </Button>
        <Button variant="secondary" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
