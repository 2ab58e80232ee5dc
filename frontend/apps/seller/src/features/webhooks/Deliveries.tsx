/** What was delivered to a webhook, or is on its way. */
import type { Webhook, WebhookDelivery } from "@carat/api-client";
import { Badge, Skeleton } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { formatTime } from "../../app/dates";
import { Pager } from "../../app/Pager";
import { Panel, PanelProblem } from "../../app/Panel";
import { Tabs, tabClass } from "../../app/Tabs";
import { type DeliverySearch, deliveryStatuses } from "./list-search";
import { deliveryList } from "./queries";
import { deliveryNames, deliveryTones } from "./words";

export function Deliveries({ webhook, search }: { webhook: Webhook; search: DeliverySearch }) {
  return (
    <Panel title="Deliveries">
      <Tabs label="Status">
        {[undefined, ...deliveryStatuses].map((status) => (
          <Link
            key={status ?? "all"}
            to="/webhooks/$id"
            params={{ id: webhook.id }}
            search={status ? { status } : {}}
            aria-current={status === search.status ? "page" : undefined}
            activeOptions={{ exact: true, includeSearch: true }}
            className={tabClass}
          >
            {status ? deliveryNames[status] : "All"}
          </Link>
        ))}
      </Tabs>
      <List webhook={webhook.id} search={search} />
    </Panel>
  );
}

function List({ webhook, search }: { webhook: string; search: DeliverySearch }) {
  const list = useQuery(deliveryList(webhook, search));
  if (list.isPending) return <Skeleton className="h-32" />;
  if (list.isError) return <PanelProblem query={list} />;
  const { data, next_cursor } = list.data;
  if (data.length === 0) {
    return (
      <p className="py-6 text-muted">{search.status ? "None that stands so." : "Nothing was sent yet."}</p>
    );
  }
  return (
    <div className={clsx("transition-opacity delay-150", list.isPlaceholderData && "opacity-50")}>
      <ul aria-label="Deliveries" className="divide-y divide-line">
        {data.map((delivery) => (
          <Row key={delivery.id} webhook={webhook} delivery={delivery} />
        ))}
      </ul>
      <Pager
        shown={data.length}
        noun={data.length === 1 ? "delivery" : "deliveries"}
        cursor={search.cursor}
        next={next_cursor}
      />
    </div>
  );
}

function Row({ webhook, delivery }: { webhook: string; delivery: WebhookDelivery }) {
  const { id, event, status, tries, next_attempt_at, created_at } = delivery;
  return (
    <li className="relative flex flex-wrap items-center justify-between gap-x-4 gap-y-0.5 py-2.5 hover:bg-tile/50">
      <div className="min-w-0">
        <Link
          to="/webhooks/$id/deliveries/$delivery"
          params={{ id: webhook, delivery: id }}
          className="font-mono text-sm font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          {event}
        </Link>
        <span className="block text-[0.8125rem] text-muted">
          <time dateTime={created_at}>{formatTime(created_at)}</time>
          {status === "waiting" &&
            tries > 0 &&
            next_attempt_at &&
            `, next try ${formatTime(next_attempt_at)}`}
        </span>
      </div>
      <Badge tone={deliveryTones[status]}>{deliveryNames[status]}</Badge>
    </li>
  );
}
