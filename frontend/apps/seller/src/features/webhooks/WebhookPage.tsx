/** One webhook: what it is told of, what was delivered, its secret, and its end. */
import type { Webhook } from "@carat/api-client";
import { Badge, Button, Notice, Skeleton, toast } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { formatTime } from "../../app/dates";
import { PageHead } from "../../app/PageHead";
import { Panel } from "../../app/Panel";
import { ProblemState } from "../../app/ProblemState";
import { Deliveries } from "./Deliveries";
import { EndPanel, SecretPanel } from "./panels";
import { useTestWebhook, useUpdateWebhook, webhookQuery } from "./queries";
import { WebhookForm } from "./WebhookForm";
import { offReasons, standing } from "./words";

const route = getRouteApi("/guard/merchants/webhooks/$id");

export function WebhookPage() {
  const { id } = route.useParams();
  const webhook = useQuery(webhookQuery(id));
  if (webhook.data) return <View key={id} webhook={webhook.data} />;
  if (webhook.isError)
    return <ProblemState error={webhook.error} what="webhook" onRetry={() => void webhook.refetch()} />;
  return <Skeleton className="h-96" />;
}

function View({ webhook }: { webhook: Webhook }) {
  const { name, tone } = standing(webhook);
  const update = useUpdateWebhook(webhook.id);
  return (
    <>
      <PageHead title={webhook.description ?? "Webhook"} aside={<Badge tone={tone}>{name}</Badge>}>
        <Link to="/webhooks" className="underline-offset-4 hover:underline pointer-coarse:py-3">
          Webhooks
        </Link>{" "}
        · <span className="wrap-anywhere">{webhook.url}</span>
      </PageHead>
      <Standing webhook={webhook} />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,1fr)_21rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <Deliveries webhook={webhook} search={route.useSearch()} />
          <Panel title="What it is told of">
            <div className="pt-1 pb-2">
              <WebhookForm
                webhook={webhook}
                label="Save"
                onSubmit={async (wish) => {
                  await update.mutateAsync(wish);
                  toast({ message: "Saved." });
                }}
              />
            </div>
          </Panel>
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <TryPanel webhook={webhook} />
          <SecretPanel webhook={webhook} />
          <EndPanel webhook={webhook} />
        </div>
      </div>
    </>
  );
}

function Standing({ webhook }: { webhook: Webhook }) {
  if (webhook.disabled_reason) {
    return (
      <div className="mb-4">
        <Notice tone="warning" title="Nothing is sent to this webhook">
          <p>
            {offReasons[webhook.disabled_reason]}
            {webhook.disabled_at && ` Since ${formatTime(webhook.disabled_at)}.`}
          </p>
        </Notice>
      </div>
    );
  }
  if (!webhook.failing_since) return null;
  return (
    <div className="mb-4">
      <Notice tone="danger" title={`Nothing has arrived since ${formatTime(webhook.failing_since)}`}>
        <p>After five days without a single arrival we switch it off, and tell you by mail.</p>
      </Notice>
    </div>
  );
}

function TryPanel({ webhook: { id, enabled } }: { webhook: Webhook }) {
  const test = useTestWebhook(id);
  return (
    <Panel title="Try it">
      <div className="flex flex-col items-start gap-3 pb-1">
        <p className="text-muted">We send a message of the kind webhook.test, which says nothing.</p>
        <Button
          variant="secondary"
          disabled={!enabled}
          pending={test.isPending}
          onClick={() =>
            test.mutate(undefined, { onSuccess: () => toast({ message: "A test is on its way." }) })
          }
        >
          Send a test
        </Button>
      </div>
    </Panel>
  );
}
