/** What sellers are owed, noting that they were sent it by bank, and what was sent before. */
import type { Owed, Payout } from "@carat/api-client";
import { shownProblem } from "@carat/identity";
import {
  Badge,
  Button,
  ConfirmDialog,
  Dialog,
  EmptyState,
  formatMoney,
  Input,
  LoadMore,
  Money,
  ProblemNotice,
  parseAmount,
  Skeleton,
  toast,
  toDecimal,
} from "@carat/ui";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { formatTime } from "../../app/dates";
import { PageHead } from "../../app/PageHead";
import { Panel, PanelProblem } from "../../app/Panel";
import { owedQuery, payoutList, useFailPayout, useMakePayout } from "./queries";

export function PayoutsPage() {
  const [paying, setPaying] = useState<Owed>();
  return (
    <>
      <PageHead title="Payouts">
        Send sellers their money by bank, and note it here: it leaves what they are owed.
      </PageHead>
      <div className="flex flex-col gap-5">
        <OwedPanel onPay={setPaying} />
        <SentPanel />
      </div>
      <Dialog
        open={paying !== undefined}
        onClose={() => setPaying(undefined)}
        title={`Payout to ${paying?.seller.shop_name ?? ""}`}
      >
        {paying && <PayoutForm owed={paying} onClose={() => setPaying(undefined)} />}
      </Dialog>
    </>
  );
}

function OwedPanel({ onPay }: { onPay: (owed: Owed) => void }) {
  const owed = useQuery(owedQuery);
  return (
    <Panel title="Owed to sellers">
      {owed.isError && !owed.data && <PanelProblem query={owed} />}
      {owed.isPending && <Rows />}
      {owed.data?.length === 0 && <p className="pb-2 text-muted">Nobody is owed anything.</p>}
      <ul className="divide-y divide-line">
        {owed.data?.map((one) => (
          <li
            key={`${one.seller.id} ${one.balance.currency}`}
            className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2"
          >
            <span className="min-w-0 flex-1 truncate font-medium">{one.seller.shop_name}</span>
            <Money value={one.balance} className={one.balance.amount < 0 ? "text-danger" : undefined} />
            <Button
              variant="secondary"
              disabled={one.balance.amount <= 0}
              onClick={() => onPay(one)}
              aria-label={`Pay out ${one.seller.shop_name} in ${one.balance.currency}`}
            >
              Pay out
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function PayoutForm({ owed, onClose }: { owed: Owed; onClose: () => void }) {
  const make = useMakePayout();
  const { currency } = owed.balance;
  const [typed, setTyped] = useState(toDecimal(owed.balance));
  const [reference, setReference] = useState("");
  const amount = parseAmount(typed, currency) ?? 0;
  const tooMuch = amount > owed.balance.amount;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (amount <= 0 || tooMuch) return;
    make.mutate(
      { seller_id: owed.seller.id, amount: { amount, currency }, reference: reference.trim() || null },
      {
        onSuccess: (payout) => {
          toast({ message: `${formatMoney(payout.amount)} noted as sent.` });
          onClose();
        },
      },
    );
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5">
      <Input
        label={`Amount in ${currency}`}
        inputMode="decimal"
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        hint={`Owed: ${formatMoney(owed.balance)}`}
        error={tooMuch ? `No more than ${formatMoney(owed.balance)} is owed.` : undefined}
      />
      <Input
        label="Reference"
        optional
        maxLength={140}
        autoComplete="off"
        hint="What the bank calls the transfer; the seller sees it."
        value={reference}
        onChange={(event) => setReference(event.target.value)}
      />
      <ProblemNotice problem={shownProblem(make.error)} />
      <div className="flex flex-wrap gap-3">
        <Button type="submit" pending={make.isPending} disabled={amount <= 0 || tooMuch}>
          Note the payout
        </Button>
        <Button variant="secondary" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

function SentPanel() {
  const list = useInfiniteQuery(payoutList);
  const fail = useFailPayout();
  const [failing, setFailing] = useState<Payout>();
  const payouts = list.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Panel title="Sent">
      {list.isError && !list.data && <PanelProblem query={list} />}
      {list.isPending && <Rows />}
      <ProblemNotice problem={shownProblem(fail.error)} />
      {list.data && payouts.length === 0 && (
        <EmptyState title="No payouts yet">Those that you note are listed here.</EmptyState>
      )}
      <ul className="divide-y divide-line">
        {payouts.map((payout) => (
          <li key={payout.id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2">
            <span className="min-w-0 flex-1">
              <span className="block truncate font-medium">{payout.seller.shop_name}</span>
              <span className="block text-sm text-muted">
                <time dateTime={payout.created_at}>{formatTime(payout.created_at)}</time>
                {payout.reference && ` · ${payout.reference}`}
              </span>
            </span>
            <Money value={payout.amount} />
            {payout.status === "failed" ? (
              <Badge tone="danger">Came back</Badge>
            ) : (
              <Button
                variant="secondary"
                onClick={() => setFailing(payout)}
                aria-label={`The payout of ${formatMoney(payout.amount)} to ${payout.seller.shop_name} came back`}
              >
                It came back
              </Button>
            )}
          </li>
        ))}
      </ul>
      {payouts.length > 0 && (
        <LoadMore
          shown={payouts.length}
          noun={payouts.length === 1 ? "payout" : "payouts"}
          hasMore={list.hasNextPage}
          pending={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()}
        />
      )}
      <ConfirmDialog
        open={failing !== undefined}
        title="Did the payout come back?"
        confirmLabel="It came back"
        onClose={() => setFailing(undefined)}
        onConfirm={() => {
          if (failing) fail.mutate(failing.id);
          setFailing(undefined);
        }}
      >
        The seller is owed {failing && formatMoney(failing.amount)} again, and is told so. This can't be
        undone.
      </ConfirmDialog>
    </Panel>
  );
}

function Rows() {
  return (
    <div role="status" aria-label="Loading" className="appear-late flex flex-col gap-3 py-2">
      <Skeleton className="h-5 w-full" />
      <Skeleton className="h-5 w-full" />
      <Skeleton className="h-5 w-2/3" />
    </div>
  );
}
