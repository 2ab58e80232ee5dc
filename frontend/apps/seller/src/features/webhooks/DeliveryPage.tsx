/** One delivery: what was sent, what came of each try, and sending it once more. */
import type { WebhookAttempt, WebhookDeliveryDetails } from "@carat/api-client";
import { toProblem } from "@carat/api-client";
import { Badge, Button, CopyButton, ProblemNotice, Skeleton, toast } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { formatTime } from "../../app/dates";
import { Fact, Facts, Missing } from "../../app/Facts";
import { PageHead } from "../../app/PageHead";
import { Panel } from "../../app/Panel";
import { ProblemState } from "../../app/ProblemState";
import { deliveryQuery, useReplay } from "./queries";
import { deliveryNames, deliveryTones, outcome } from "./words";

const route = getRouteApi("/guard/merchants/webhooks/$id/deliveries/$delivery");

export function DeliveryPage() {
  const { id, delivery: deliveryId } = route.useParams();
  const delivery = useQuery(deliveryQuery(id, deliveryId));
  if (delivery.data) return <View webhook={id} delivery={delivery.data} />;
  if (delivery.isError)
    return <ProblemState error={delivery.error} what="delivery" onRetry={() => void delivery.refetch()} />;
  return <Skeleton className="h-96" />;
}

function View({ webhook, delivery }: { webhook: string; delivery: WebhookDeliveryDetails }) {
  const { id, event, event_id, status, tries, next_attempt_at, created_at, payload, attempts } = delivery;
  const replay = useReplay(webhook, id);
  return (
    <>
      <PageHead
        title={event}
        aside={<Badge tone={deliveryTones[status]}>{deliveryNames[status]}</Badge>}
        actions={
          <Button
            variant="secondary"
            pending={replay.isPending}
            onClick={() =>
              replay.mutate(undefined, { onSuccess: () => toast({ message: "It is on its way once more." }) })
            }
          >
            Replay
          </Button>
        }
      >
        <Link
          to="/webhooks/$id"
          params={{ id: webhook }}
          search={{}}
          className="underline-offset-4 hover:underline pointer-coarse:py-3"
        >
          The webhook
        </Link>{" "}
        · {formatTime(created_at)}
      </PageHead>
      <ProblemNotice problem={replay.error ? toProblem(replay.error) : undefined} />
      <div className="flex flex-col gap-4">
        <Panel title="Tries">
          {attempts.length === 0 ? (
            <p className="py-3 text-muted">None yet.</p>
          ) : (
            <ol aria-label="Tries" className="divide-y divide-line">
              {attempts.map((attempt) => (
                <Try key={attempt.at} attempt={attempt} />
              ))}
            </ol>
          )}
        </Panel>
        <Panel title="The message">
          <Facts>
            <Fact name="webhook-id">
              <span className="flex flex-wrap items-center gap-x-2">
                <code className="text-[0.8125rem] break-all">{event_id}</code>
                <CopyButton text={event_id} what="id" />
              </span>
            </Fact>
            <Fact name="Next try">
              {next_attempt_at ? formatTime(next_attempt_at) : <Missing>none</Missing>}
            </Fact>
            <Fact name="Tried">{tries === 1 ? "once" : `${tries} times`}</Fact>
          </Facts>
          <Quoted label="Body">{JSON.stringify(payload, null, 2)}</Quoted>
        </Panel>
      </div>
    </>
  );
}

function Try({ attempt }: { attempt: WebhookAttempt }) {
  const { at, duration_ms, answer } = attempt;
  return (
    <li className="py-2.5">
      <div className="flex flex-wrap justify-between gap-x-6">
        <span className="font-medium">{outcome(attempt)}</span>
        <span className="text-sm text-muted">
          <time dateTime={at}>{formatTime(at)}</time>, {duration_ms.toLocaleString()} ms
        </span>
      </div>
      {answer && (
        <details className="mt-1 text-sm">
          <summary className="min-h-6 cursor-pointer text-muted">How the answer begins</summary>
          <Quoted label="Answer">{answer}</Quoted>
        </details>
      )}
    </li>
  );
}

/** Text as it was sent or heard. */
function Quoted({ label, children }: { label: string; children: string }) {
  return (
    <pre
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and a keyboard must reach what scrolls.
      tabIndex={0}
      role="group"
      aria-label={label}
      className="mt-2 max-h-96 overflow-auto rounded-sm bg-tile p-3 text-[0.8125rem] leading-5 whitespace-pre-wrap wrap-anywhere"
    >
      {children}
    </pre>
  );
}
