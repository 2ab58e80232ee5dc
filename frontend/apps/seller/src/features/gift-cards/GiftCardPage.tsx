/** One gift card: what is known about it, and whether it may be used. */
import type { GiftCard } from "@carat/api-client";
import { CopyButton, Money, Skeleton } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { formatTime } from "../../app/dates";
import { Fact, Facts, Missing } from "../../app/Facts";
import { PageHead } from "../../app/PageHead";
import { Panel } from "../../app/Panel";
import { ProblemState } from "../../app/ProblemState";
import { userQuery } from "../users/queries";
import { callName as nameOfUser } from "../users/words";
import { DeliveryPanel } from "./DeliveryPanel";
import { cardQuery } from "./queries";
import { StatusBadge } from "./StatusBadge";
import { UsePanel } from "./UsePanel";
import { callName, goodUntil } from "./words";

const route = getRouteApi("/guard/administration/gift-cards/$id");

export function GiftCardPage() {
  const { id } = route.useParams();
  const card = useQuery(cardQuery(id));
  if (card.data) return <CardView key={id} card={card.data} />;
  if (card.isError)
    return <ProblemState error={card.error} what="gift card" onRetry={() => void card.refetch()} />;
  return <CardSkeleton />;
}

function CardView({ card }: { card: GiftCard }) {
  return (
    <>
      <PageHead title={`Gift card ${callName(card)}`} aside={<StatusBadge status={card.status} />}>
        <Link to="/gift-cards" search={{}} className="underline-offset-4 hover:underline pointer-coarse:py-3">
          Gift cards
        </Link>{" "}
        · <Money value={card.balance} /> left
      </PageHead>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,1fr)_21rem]">
        <FactsPanel card={card} />
        <div className="flex flex-col gap-4">
          {card.recipient_email && <DeliveryPanel card={card} />}
          <UsePanel card={card} />
        </div>
      </div>
    </>
  );
}

function FactsPanel({ card }: { card: GiftCard }) {
  const { id, value, balance, recipient_email, expires_at, redeemed_at, redeemed_by, created_at } = card;
  return (
    <Panel title="The card">
      <Facts>
        <Fact name="Value">
          <Money value={value} />
        </Fact>
        <Fact name="Left">
          <Money value={balance} />
        </Fact>
        <Fact name="Good until">{expires_at ? goodUntil(expires_at) : <Missing>no end</Missing>}</Fact>
        <Fact name="Issued">{formatTime(created_at)}</Fact>
        <Fact name="For">
          {recipient_email ? (
            <span className="wrap-anywhere">{recipient_email}</span>
          ) : (
            <Missing>nobody in particular</Missing>
          )}
        </Fact>
        <Fact name="Redeemed">
          {redeemed_at ? (
            <>
              {formatTime(redeemed_at)} {redeemed_by && <By user={redeemed_by} />}
            </>
          ) : (
            <Missing>not yet</Missing>
          )}
        </Fact>
        <Fact name="Code">
          <Missing>Known to whoever has it. We keep no more than its last four characters.</Missing>
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
        {user ? nameOfUser(user) : "a customer"}
      </Link>
    </>
  );
}

function CardSkeleton() {
  return (
    <div role="status" aria-label="Loading the gift card" className="appear-late">
      <Skeleton className="mb-8 h-9 w-56" />
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_21rem]">
        <Skeleton className="h-80" />
        <Skeleton className="h-40" />
      </div>
    </div>
  );
}
