/** Where somebody is signed in, and the way to end all of it. One's own sessions are ended in one's own account. */
import type { AdminUser } from "@carat/api-client";
import { shownProblem } from "@carat/identity";
import { Button, ConfirmDialog, ProblemNotice, toast } from "@carat/ui";
import { useState } from "react";
import { Panel } from "../../app/Panel";
import { useEndSessions } from "./queries";
import { callName, sessionCount } from "./words";

export function SessionsPanel({ user, own }: { user: AdminUser; own: boolean }) {
  const end = useEndSessions(user.id);
  const [asking, setAsking] = useState(false);
  const close = () => {
    setAsking(false);
    end.reset();
  };
  return (
    <Panel title="Sessions">
      <p className="pb-3">
        {sessionCount(user.sessions)}
        <span className="text-muted">{user.sessions > 0 && " open now"}</span>
      </p>
      {!own && (
        <Button variant="secondary" disabled={user.sessions === 0} onClick={() => setAsking(true)}>
          End all sessions…
        </Button>
      )}
      <ConfirmDialog
        open={asking}
        title={`Sign ${callName(user)} out everywhere?`}
        confirmLabel="End all sessions"
        pending={end.isPending}
        onClose={close}
        onConfirm={() =>
          end.mutate(undefined, {
            onSuccess: () => {
              close();
              toast({ message: "All their sessions have ended." });
            },
          })
        }
      >
        <p className="mb-4">
          Every browser and phone of theirs must sign in again. What they have not saved there may be lost.
        </p>
        <ProblemNotice problem={shownProblem(end.error)} />
      </ConfirmDialog>
    </Panel>
  );
}
