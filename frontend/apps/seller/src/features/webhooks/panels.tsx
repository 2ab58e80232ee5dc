/** What concerns a webhook's secret, and whether it is on or there at all. */
import type { Webhook } from "@carat/api-client";
import { shownProblem } from "@carat/identity";
import { Button, ConfirmDialog, ProblemNotice, toast } from "@carat/ui";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { formatTime } from "../../app/dates";
import { Panel } from "../../app/Panel";
import { useRemoveWebhook, useRotateSecret, useUpdateWebhook } from "./queries";
import { Secret } from "./Secret";

export function SecretPanel({ webhook: { id, previous_secret_until } }: { webhook: Webhook }) {
  const rotate = useRotateSecret(id);
  const [secret, setSecret] = useState<string>();
  const [asking, setAsking] = useState(false);
  const both = previous_secret_until && new Date(previous_secret_until) > new Date();
  return (
    <Panel title="Secret">
      <div className="flex flex-col items-start gap-3 pb-1">
        {secret ? (
          <Secret secret={secret} />
        ) : (
          <p className="text-muted">It was shown when it was made, and is never shown again.</p>
        )}
        {both && (
          <p className="text-sm text-muted">
            The one before signs, too, until {formatTime(previous_secret_until)}.
          </p>
        )}
        <ProblemNotice problem={shownProblem(rotate.error)} />
        <Button variant="secondary" pending={rotate.isPending} onClick={() => setAsking(true)}>
          Make a new secret
        </Button>
      </div>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title="Make a new secret?"
        confirmLabel="Make a new secret"
        variant="primary"
        onConfirm={() => {
          setAsking(false);
          rotate.mutate(undefined, { onSuccess: (keyed) => setSecret(keyed.secret) });
        }}
      >
        <p>
          For 24 hours messages are signed by both, so that you can change yours in peace. A secret before the
          present one ends at once.
        </p>
      </ConfirmDialog>
    </Panel>
  );
}

export function EndPanel({ webhook: { id, enabled } }: { webhook: Webhook }) {
  const update = useUpdateWebhook(id);
  const remove = useRemoveWebhook(id);
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const turn = (on: boolean) =>
    update.mutate(
      { enabled: on },
      { onSuccess: () => toast({ message: on ? "The webhook is on." : "The webhook is off." }) },
    );
  return (
    <Panel title="On or off">
      <div className="flex flex-col items-start gap-3 pb-1">
        <p className="text-muted">
          {enabled
            ? "Switched off, what waits for it is given up. It can be replayed later."
            : "Switched on, it is told of what happens from now on."}
        </p>
        <ProblemNotice problem={shownProblem(update.error ?? remove.error)} />
        <div className="flex flex-wrap gap-2">
          <Button variant="secondary" pending={update.isPending} onClick={() => turn(!enabled)}>
            {enabled ? "Switch off" : "Switch on"}
          </Button>
          <Button variant="danger" pending={remove.isPending} onClick={() => setAsking(true)}>
            Remove
          </Button>
        </div>
      </div>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title="Remove this webhook?"
        confirmLabel="Remove it"
        onConfirm={() => {
          setAsking(false);
          remove.mutate(undefined, {
            onSuccess: () => {
              toast({ message: "The webhook is removed." });
              void navigate({ to: "/webhooks" });
            },
          });
        }}
      >
        <p>Its deliveries go with it. This cannot be undone.</p>
      </ConfirmDialog>
    </Panel>
  );
}
