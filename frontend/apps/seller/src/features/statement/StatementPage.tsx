/** What the seller earned, gave back and was sent, line by line, with what they are owed. The period stands in the address. */
import type { StatementLine } from "@carat/api-client";
import {
  Button,
  daysAgo,
  downloadBlob,
  EmptyState,
  Input,
  LoadMore,
  Money,
  Select,
  Skeleton,
  toast,
} from "@carat/ui";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import clsx from "clsx";
import { Download } from "lucide-react";
import { formatTime } from "../../app/dates";
import { PageHead } from "../../app/PageHead";
import { PanelProblem } from "../../app/Panel";
import { ProblemState } from "../../app/ProblemState";
import type { StatementSearch } from "./list-search";
import { earningsQuery, statementQuery, useStatementFile } from "./queries";

const route = getRouteApi("/guard/selling/statement");

const kinds: Record<string, string> = {
  order_paid: "Sale",
  gift_card_sold: "Gift card sold",
  gift_card_voided: "Gift card taken back",
  refund: "Refund",
  refund_failed: "Refund that came back",
  dispute: "Disputed at the bank",
  dispute_won: "Dispute won",
  dispute_fee: "Fee for a dispute",
  dispute_fee_returned: "Fee for a dispute, given back",
  payout: "Payout",
  payout_failed: "Payout that came back",
};

export function StatementPage() {
  const search = route.useSearch();
  const file = useStatementFile(search);
  const download = () =>
    file.mutate(undefined, {
      onSuccess: (blob) => downloadBlob(blob as Blob, `statement-${daysAgo(0)}.csv`),
      onError: () => toast({ message: "The file could not be fetched. Try again." }),
    });
  return (
    <>
      <PageHead
        title="Statement"
        actions={
          <Button variant="secondary" pending={file.isPending} onClick={download}>
            <Download aria-hidden="true" size={17} /> CSV
          </Button>
        }
      />
      <EarningsStrip />
      <Period search={search} />
      <Lines search={search} />
    </>
  );
}

function EarningsStrip() {
  const earnings = useQuery(earningsQuery);
  if (earnings.isError && !earnings.data) return <PanelProblem query={earnings} />;
  const box = "bg-surface px-4 py-3 sm:px-5";
  return (
    <section aria-label="What you are owed" className="mb-6">
      {earnings.data?.length === 0 ? (
        <p className={`${box} rounded-md border border-line text-muted`}>
          You have earned nothing yet: what you sell is listed here once it is paid.
        </p>
      ) : (
        <ul className="grid grid-cols-[repeat(auto-fit,minmax(min(14rem,100%),1fr))] gap-px overflow-hidden rounded-md border border-line bg-line">
          {earnings.data ? (
            earnings.data.map(({ balance, paid_out }) => (
              <li key={balance.currency} className={box}>
                <span className="block text-sm text-muted">Owed to you in {balance.currency}</span>
                <Money value={balance} className="block font-display text-[1.75rem] leading-9" />
                <span className="block text-sm text-muted">
                  <Money value={paid_out} /> sent so far
                </span>
              </li>
            ))
          ) : (
            <li className={box}>
              <Skeleton className="h-4 w-24" />
              <Skeleton className="mt-2.5 h-7 w-40" />
              <Skeleton className="mt-2 h-4 w-24" />
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

function Period({ search }: { search: StatementSearch }) {
  const navigate = useNavigate();
  const earnings = useQuery(earningsQuery);
  const currencies = earnings.data?.map(({ balance }) => balance.currency) ?? [];
  const show = (change: StatementSearch) =>
    void navigate({ to: "/statement", search: { ...search, ...change }, replace: true });
  return (
    <div className="mb-5 flex flex-wrap items-end gap-3">
      <Input
        label="From"
        type="date"
        value={search.from ?? ""}
        max={search.to}
        onChange={(event) => show({ from: event.target.value || undefined })}
      />
      <Input
        label="To"
        type="date"
        value={search.to ?? ""}
        min={search.from}
        onChange={(event) => show({ to: event.target.value || undefined })}
      />
      {currencies.length > 1 && (
        <Select
          label="Currency"
          value={search.currency ?? ""}
          onChange={(event) => show({ currency: event.target.value || undefined })}
        >
          <option value="">The shop's own</option>
          {currencies.map((code) => (
            <option key={code}>{code}</option>
          ))}
        </Select>
      )}
    </div>
  );
}

function Lines({ search }: { search: StatementSearch }) {
  const list = useInfiniteQuery(statementQuery(search));
  if (list.isPending) return <LinesSkeleton />;
  if (list.isError) return <ProblemState error={list.error} onRetry={() => void list.refetch()} />;
  const lines = list.data.pages.flatMap((page) => page.data);
  const [first] = list.data.pages;
  if (!first || lines.length === 0) {
    return <EmptyState title="Nothing moved">Not in this time, and in this currency.</EmptyState>;
  }
  return (
    <div className={clsx("@container transition-opacity delay-150", list.isPlaceholderData && "opacity-50")}>
      <Bound name={search.to ? "Owed at the end" : "Owed now"} value={first.closing} />
      <table className="w-full text-[0.9375rem] @max-2xl:block">
        <caption className="sr-only">What moved, the newest first</caption>
        <thead className="border-y border-line text-left text-[0.8125rem] text-muted @max-2xl:sr-only">
          <tr>
            <th scope="col" className="py-2 pr-3 font-medium">
              What
            </th>
            <th scope="col" className="px-3 py-2 font-medium">
              When
            </th>
            <th scope="col" className="px-3 py-2 text-right font-medium">
              Fee
            </th>
            <th scope="col" className="px-3 py-2 text-right font-medium">
              Amount
            </th>
            <th scope="col" className="py-2 pl-3 text-right font-medium">
              Owed after
            </th>
          </tr>
        </thead>
        <tbody className="@max-2xl:block @max-2xl:border-t @max-2xl:border-line">
          {lines.map((line) => (
            <LineRow key={line.id} line={line} />
          ))}
        </tbody>
      </table>
      <Bound name={search.from ? "Owed at the beginning" : "Owed before"} value={first.opening} />
      <LoadMore
        shown={lines.length}
        noun={lines.length === 1 ? "line" : "lines"}
        hasMore={list.hasNextPage}
        pending={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
      />
    </div>
  );
}

function Bound({ name, value }: { name: string; value: StatementLine["amount"] }) {
  return (
    <p className="flex justify-between py-2.5 text-[0.9375rem] font-medium">
      {name} <Money value={value} />
    </p>
  );
}

function LineRow({ line }: { line: StatementLine }) {
  const { kind, amount, fee, balance_after, order_id, order_number, created_at } = line;
  const name = kinds[kind] ?? kind.replaceAll("_", " ");
  return (
    <tr className="border-b border-line @max-2xl:grid @max-2xl:grid-cols-[minmax(0,1fr)_auto] @max-2xl:gap-x-4 @max-2xl:py-2.5">
      <td className="py-2.5 pr-3 @max-2xl:p-0">
        <span className="font-medium">{name}</span>
        {order_id && order_number && (
          <Link
            to="/orders/$id"
            params={{ id: order_id }}
            className="block text-sm text-accent underline underline-offset-4 pointer-coarse:py-2"
          >
            {order_number}
          </Link>
        )}
      </td>
      <td className="px-3 py-2.5 whitespace-nowrap text-muted @max-2xl:col-start-1 @max-2xl:p-0 @max-2xl:text-sm">
        <time dateTime={created_at}>{formatTime(created_at)}</time>
      </td>
      <td className="px-3 py-2.5 text-right text-muted @max-2xl:col-start-2 @max-2xl:row-start-2 @max-2xl:p-0 @max-2xl:text-sm">
        {fee && (
          <>
            <span className="@2xl:hidden">Fee </span>
            <Money value={fee} />
          </>
        )}
      </td>
      <td className="px-3 py-2.5 text-right font-medium @max-2xl:col-start-2 @max-2xl:row-start-1 @max-2xl:p-0">
        <Money value={amount} />
      </td>
      <td className="py-2.5 pl-3 text-right @max-2xl:col-span-2 @max-2xl:p-0 @max-2xl:text-sm @max-2xl:text-muted">
        <span className="@2xl:hidden">Owed after: </span>
        <Money value={balance_after} />
      </td>
    </tr>
  );
}

function LinesSkeleton() {
  return (
    <div role="status" aria-label="Loading the statement" className="appear-late">
      {Array.from({ length: 8 }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: equal blocks.
        <div key={at} className="flex items-center gap-6 border-b border-line py-3">
          <Skeleton className="h-4 flex-1" />
          <Skeleton className="h-4 w-20" />
        </div>
      ))}
    </div>
  );
}
