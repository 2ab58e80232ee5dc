/** The customer's money in the shop: what there is, and what moved it, in sentences; filtered, and to keep as a file. */
import { toProblem } from "@carat/api-client";
import { shownProblem } from "@carat/identity";
import {
  Button,
  daysAgo,
  downloadBlob,
  EmptyState,
  ErrorState,
  LoadMore,
  ProblemNotice,
  Skeleton,
} from "@carat/ui";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import clsx from "clsx";
import { Download } from "lucide-react";
import { usePageTitle } from "../../app/page-title";
import { AccountTitle } from "../identity/AccountTitle";
import { Balances } from "./Balances";
import type { MovementSearch } from "./list-search";
import { MovementFilter } from "./MovementFilter";
import { MovementRow } from "./MovementRow";
import { movementsAsCsv, movementsQuery } from "./queries";

const route = getRouteApi("/account/balance");

export function BalancePage() {
  usePageTitle("Balance");
  const search = route.useSearch();
  const navigate = useNavigate();
  return (
    <>
      <AccountTitle>Balance</AccountTitle>
      <div className="mt-6">
        <Balances />
      </div>
      <section aria-labelledby="movements" className="mt-12">
        <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
          <h2 id="movements" className="font-display text-heading">
            What moved
          </h2>
          <DownloadButton search={search} />
        </div>
        <MovementFilter
          search={search}
          onChange={(changed) =>
            void navigate({ to: "/account/balance", search: changed, replace: true, resetScroll: false })
          }
        />
        <Movements search={search} />
      </section>
    </>
  );
}

function DownloadButton({ search }: { search: MovementSearch }) {
  const take = useMutation({
    mutationFn: () => movementsAsCsv(search),
    onSuccess: (file) => downloadBlob(file, `carat-balance-${daysAgo(0)}.csv`),
  });
  return (
    <>
      <Button variant="secondary" pending={take.isPending} onClick={() => take.mutate()}>
        <Download aria-hidden="true" size={17} strokeWidth={1.5} /> Download as CSV
      </Button>
      <div className="w-full empty:hidden">
        <ProblemNotice problem={shownProblem(take.error)} />
      </div>
    </>
  );
}

function Movements({ search }: { search: MovementSearch }) {
  const list = useInfiniteQuery(movementsQuery(search));
  const movements = list.data?.pages.flatMap((page) => page.data);
  if (movements === undefined && list.isError) {
    const { message, requestId } = toProblem(list.error);
    return <ErrorState message={message} requestId={requestId} onRetry={() => void list.refetch()} />;
  }
  if (movements === undefined) return <MovementsSkeleton />;
  if (movements.length === 0) return <NoMovements filtered={Object.keys(search).length > 0} />;
  return (
    <div className={clsx("transition-opacity delay-150", list.isPlaceholderData && "opacity-50")}>
      <ul aria-label="Movements" className="mt-6 divide-y divide-line border-y border-line">
        {movements.map((movement) => (
          <MovementRow key={movement.id} movement={movement} />
        ))}
      </ul>
      <LoadMore
        noun={movements.length === 1 ? "movement" : "movements"}
        shown={movements.length}
        hasMore={list.hasNextPage}
        pending={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
      />
    </div>
  );
}

function NoMovements({ filtered }: { filtered: boolean }) {
  if (filtered) return <EmptyState title="Nothing like that">Not of this kind, in these days.</EmptyState>;
  return (
    <EmptyState title="Nothing has moved yet">
      What comes into your balance, and what you pay, is listed here.
    </EmptyState>
  );
}

function MovementsSkeleton() {
  return (
    <div role="status" aria-label="Loading your movements" className="mt-6 flex flex-col gap-4">
      {[1, 2, 3].map((row) => (
        <Skeleton key={row} className="h-16 w-full" />
      ))}
    </div>
  );
}
