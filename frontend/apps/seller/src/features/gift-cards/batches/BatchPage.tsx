/** One batch of gift cards: how far it is, its codes this once, and whether its cards may be used. */
import type { GiftCardBatch } from "@carat/api-client";
import { shownProblem } from "@carat/identity";
import { Button, CopyButton, Money, ProblemNotice, Skeleton, toast } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { formatTime } from "../../../app/dates";
import { Fact, Facts, Missing } from "../../../app/Facts";
import { PageHead } from "../../../app/PageHead";
import { Panel } from "../../../app/Panel";
import { ProblemState } from "../../../app/ProblemState";
import { userQuery } from "../../users/queries";
import { callName as nameOfUser } from "../../users/words";
import { batchQuery, useUpdateBatch } from "../queries";
import { cardCount, goodUntil } from "../words";
import { BatchBadge } from "./BatchBadge";
import { CodesPanel } from "./CodesPanel";

const route = getRouteApi("/guard/administration/gift-cards/batches/$id");

export function BatchPage() {
  const { id } = route.useParams();
  const batch = useQuery(batchQuery(id));
  if (batch.data) return <BatchView key={id} batch={batch.data} />;
  if (batch.isError)
    return <ProblemState error={batch.error} what="batch" onRetry={() => void batch.refetch()} />;
  return <Skeleton className="h-80" />;
}

function BatchView({ batch }: { batch: GiftCardBatch }) {
  const { value, quantity, note, status } = batch;
  return (
    <>
      <PageHead title={`${cardCount(quantity)} at once`} aside={<BatchBadge status={batch.status} />}>
        <Link
          to="/gift-cards/batches"
          search={{}}
          className="underline-offset-4 hover:underline pointer-coarse:py-3"
        >
          Batches
        </Link>{" "}
        · <Money value={value} /> each{note && ` · ${note}`}
      </PageHead>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,1fr)_21rem]">
        <div className="flex flex-col gap-4">
          {status === "issuing" ? <Progress batch={batch} /> : <CodesPanel batch={batch} />}
          <FactsPanel batch={batch} />
        </div>
        <UsePanel batch={batch} />
      </div>
    </>
  );
}

function Progress({ batch: { issued, quantity } }: { batch: GiftCardBatch }) {
  return (
    <Panel title="Being issued">
      <div className="flex flex-col gap-2 pb-2">
        <progress
          aria-label="Gift cards issued"
          value={issued}
          max={quantity}
          className="h-2 w-full appearance-none overflow-hidden rounded-full bg-tile [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-tile [&::-webkit-progress-value]:bg-accent [&::-webkit-progress-value]:transition-[width]"
        />
        <p className="text-[0.9375rem] text-muted tabular-nums">
          {issued.toLocaleString()} of {quantity.toLocaleString()}. You may leave this page: it goes on.
        </p>
      </div>
    </Panel>
  );
}

function FactsPanel({ batch }: { batch: GiftCardBatch }) {
  const { id, value, quantity, expires_at, created_at, issued_by, downloaded_at, downloaded_by } = batch;
  return (
    <Panel
      title="The batch"
      more={
        <Link to="/gift-cards" search={{ batch: id }}>
          See its cards
        </Link>
      }
    >
      <Facts>
        <Fact name="Value of each">
          <Money value={value} />
        </Fact>
        <Fact name="In all">
          <Money value={{ ...value, amount: value.amount * quantity }} />
        </Fact>
        <Fact name="Good until">{expires_at ? goodUntil(expires_at) : <Missing>no end</Missing>}</Fact>
        <Fact name="Issued">
          {formatTime(created_at)} <By user={issued_by} />
        </Fact>
        <Fact name="Codes">
          {downloaded_at ? (
            <>
              downloaded {formatTime(downloaded_at)} {downloaded_by && <By user={downloaded_by} />}
            </>
          ) : (
            <Missing>not downloaded</Missing>
          )}
        </Fact>
        <Fact name="Id">
          <span className="flex flex-wrap items-center gap-x-2">
            <code className="text-[0.8125rem] break-all">{id}</code>
            <CopyButton text={id} what="id" />
          </span>
        </Fact>
      </Facts>
    </Panel>
  );
}

function By({ user: id }: { user: string }) {
  const user = useQuery(userQuery(id)).data;
  return (
    <>
      by{" "}
      <Link
        to="/users/$id"
        params={{ id }}
        className="underline decoration-1 underline-offset-4 wrap-anywhere pointer-coarse:py-2.5"
      >
        {user ? nameOfUser(user) : "an administrator"}
      </Link>
    </>
  );
}

function UsePanel({ batch: { id, disabled_at } }: { batch: GiftCardBatch }) {
  const update = useUpdateBatch(id);
  const change = (disabled: boolean) =>
    update.mutate(disabled, {
      onSuccess: () =>
        toast({
          message: disabled ? "All cards of the batch are disabled." : "The cards can be used again.",
          action: { label: "Undo", onAction: () => update.mutate(!disabled) },
        }),
    });
  return (
    <Panel title="Use">
      <div className="flex flex-col items-start gap-3 pb-1">
        <p className="text-muted">
          {disabled_at
            ? "Nobody can use a card of this batch until it is enabled again. Cards that were disabled one by one stay so."
            : "Whoever has a code can use its card. Disabled cards keep their value, but nobody can use them."}
        </p>
        <ProblemNotice problem={shownProblem(update.error)} />
        <Button
          variant={disabled_at ? "secondary" : "danger"}
          pending={update.isPending}
          onClick={() => change(!disabled_at)}
        >
          {disabled_at ? "Enable all its cards" : "Disable all its cards"}
        </Button>
      </div>
    </Panel>
  );
}
