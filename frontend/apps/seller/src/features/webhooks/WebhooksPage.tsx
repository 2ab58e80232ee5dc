/** The addresses that are told of events: a seller's own, or the platform's. */
import type { Webhook } from "@carat/api-client";
import { Badge, buttonClass, EmptyState, Skeleton } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Webhook as Hook } from "lucide-react";
import { PageHead } from "../../app/PageHead";
import { ProblemState } from "../../app/ProblemState";
import { useUser } from "../identity/session";
import { webhookList } from "./queries";
import { eventCount, standing } from "./words";

export function WebhooksPage() {
  const platform = useUser().role === "admin";
  return (
    <>
      <PageHead
        title="Webhooks"
        actions={
          <Link to="/webhooks/new" className={buttonClass()}>
            <Hook aria-hidden="true" size={18} /> New webhook
          </Link>
        }
      >
        {platform
          ? "Your systems are told of every order, payment and gift card of the platform."
          : "Your systems are told of what happens to your orders."}
      </PageHead>
      <List />
    </>
  );
}

function List() {
  const list = useQuery(webhookList);
  if (list.isPending) return <Skeleton className="h-40" />;
  if (list.isError) return <ProblemState error={list.error} onRetry={() => void list.refetch()} />;
  if (list.data.length === 0) {
    return (
      <EmptyState title="No webhooks yet">
        A webhook is an address of yours. Whenever something happens that it asked for, we send it a signed
        message, and again until it arrives.
      </EmptyState>
    );
  }
  return (
    <ul aria-label="Webhooks" className="divide-y divide-line rounded-md border border-line bg-surface">
      {list.data.map((webhook) => (
        <Row key={webhook.id} webhook={webhook} />
      ))}
    </ul>
  );
}

function Row({ webhook }: { webhook: Webhook }) {
  const { name, tone } = standing(webhook);
  return (
    <li className="relative flex flex-wrap items-center justify-between gap-x-6 gap-y-1 px-4 py-3 hover:bg-tile/50 sm:px-5">
      <div className="min-w-0 flex-1 basis-60">
        <Link
          to="/webhooks/$id"
          params={{ id: webhook.id }}
          search={{}}
          className="block truncate font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          {webhook.description ?? webhook.url}
        </Link>
        {webhook.description && (
          <span className="block truncate text-[0.8125rem] text-muted">{webhook.url}</span>
        )}
      </div>
      <span className="text-sm text-muted">{eventCount(webhook.events)}</span>
      <Badge tone={tone}>{name}</Badge>
    </li>
  );
}
