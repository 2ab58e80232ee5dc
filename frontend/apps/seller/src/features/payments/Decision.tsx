/** Taking the money of a held payment, or letting it go. Neither can be undone, so letting go, which ends an order, asks first. */
import type { AdminPayment } from "@carat/api-client";
import { shownProblem } from "@carat/identity";
import { Button, ConfirmDialog, formatMoney, ProblemNotice, toast } from "@carat/ui";
import { useState } from "react";
import { formatTime } from "../../app/dates";
import { useDecide } from "./queries";

export function Decision({ payment, decideBefore }: { payment: AdminPayment; decideBefore: string }) {
  const decide = useDecide(payment);
  const [asks, setAsks] = useState(false);
  const amount = formatMoney(payment.amount);
  const done = (take: boolean) => ({
    onSuccess: () => toast({ message: take ? `${amount} is taken.` : `${amount} is let go.` }),
    onSettled: () => setAsks(false),
  });
  return (
    <div className="mt-2 flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button
          pending={decide.isPending && decide.variables}
          onClick={() => decide.mutate(true, done(true))}
        >
          Approve {amount}
        </Button>
        <Button variant="danger" disabled={decide.isPending} onClick={() => setAsks(true)}>
          Reject
        </Button>
        <p className="text-[0.8125rem] text-muted">It is let go by itself on {formatTime(decideBefore)}.</p>
      </div>
      <ProblemNotice problem={shownProblem(decide.error)} />
      <ConfirmDialog
        open={asks}
        onClose={() => setAsks(false)}
        title={`Let go of ${amount}?`}
        confirmLabel="Reject the payment"
        pending={decide.isPending}
        onConfirm={() => decide.mutate(false, done(false))}
      >
        <p>
          Nobody is charged.{" "}
          {payment.purpose === "order"
            ? `Order ${payment.order_number ?? ""} is cancelled, and its pieces go back on sale.`
            : "Nothing comes into the customer's balance."}
        </p>
      </ConfirmDialog>
    </div>
  );
}
