/** One payment, into the balance or of an order: where it stands, and what can be done. Also the page to which the payment page returns. */
import { type Payment, toProblem } from "@carat/api-client";
import { buttonClass, ErrorState, formatMoney, Notice, Skeleton } from "@carat/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import { NotFoundPage } from "../../app/NotFoundPage";
import { usePageTitle } from "../../app/page-title";
import { AccountTitle } from "../identity/AccountTitle";
import { formatTime } from "../orders/status";
import { confirmationTime, paymentQuery, pollingInterval } from "./queries";
import { purposeOf, type Said, saidOf } from "./words";

const route = getRouteApi("/account/payments/$id");

export function PaymentPage() {
  usePageTitle("Payment");
  const { id } = route.useParams();
  const { paid } = route.useSearch();
  const [opened] = useState(Date.now);
  const { data, error, refetch } = useQuery({
    ...paymentQuery(id),
    refetchInterval: ({ state }) => pollingInterval(state.data, Date.now() - opened),
  });
  useFreshBalance(data?.status);

  if (data) {
    const slow = Date.now() - opened > confirmationTime;
    return <PaymentView payment={data} said={saidOf(data, paid !== undefined, slow)} />;
  }
  if (!error) return <Skeleton className="h-48 w-full" />;
  const problem = toProblem(error);
  if (problem.status === 404) return <NotFoundPage what="payment" />;
  return (
    <ErrorState message={problem.message} requestId={problem.requestId} onRetry={() => void refetch()} />
  );
}

/** Once the money has come, the balance that is shown elsewhere is out of date. */
function useFreshBalance(status: Payment["status"] | undefined) {
  const client = useQueryClient();
  useEffect(() => {
    if (status !== "succeeded") return;
    void client.invalidateQueries({ queryKey: ["account", "balance"] });
    void client.invalidateQueries({ queryKey: ["account", "transactions"] });
  }, [client, status]);
}

function PaymentView({ payment, said }: { payment: Payment; said: Said }) {
  return (
    <>
      <AccountTitle>{formatMoney(payment.amount)}</AccountTitle>
      <p className="mt-2 text-muted">
        {payment.description || purposeOf(payment)} · {formatTime(payment.created_at)}
      </p>
      <Notice tone={said.tone} title={said.title} className="mt-6 max-w-2xl">
        <p>{said.text}</p>
      </Notice>
      <div className="mt-6 flex flex-wrap gap-3">{actions(payment, said)}</div>
    </>
  );
}

function actions(payment: Payment, said: Said): ReactNode {
  const { status, order_id, redirect_url } = payment;
  const toWhatItIsFor = (variant: "primary" | "secondary") =>
    order_id ? (
      <Link to="/orders/$id" params={{ id: order_id }} className={buttonClass({ variant })}>
        See the order
      </Link>
    ) : (
      <Link to="/account/balance" search={{}} className={buttonClass({ variant })}>
        See your balance
      </Link>
    );
  if (status === "pending" && redirect_url && !said.confirming) {
    return (
      <>
        <a href={redirect_url} className={buttonClass()}>
          Pay now
        </a>
        {toWhatItIsFor("secondary")}
      </>
    );
  }
  if (!order_id && (status === "failed" || status === "cancelled")) {
    return (
      <>
        <Link to="/account/balance/top-up" className={buttonClass()}>
          Try again
        </Link>
        {toWhatItIsFor("secondary")}
      </>
    );
  }
  return toWhatItIsFor(status === "succeeded" || order_id ? "primary" : "secondary");
}
