/** Disabling an account, which signs it out everywhere, and letting it in again. */
import type { AdminUser } from "@carat/api-client";
import { shownProblem } from "@carat/identity";
import { Button, ConfirmDialog, ProblemNotice, toast } from "@carat/ui";
import { useRef, useState } from "react";
import { Panel } from "../../app/Panel";
import { useUpdateUser } from "./queries";
import { callName } from "./words";

export function AccessPanel({ user }: { user: AdminUser }) {
  const update = useUpdateUser(user.id);
  const [asking, setAsking] = useState(false);
  const text = useRef<HTMLParagraphElement>(null);
  const disabled = user.status === "disabled";
  const name = callName(user);

  const close = () => {
    setAsking(false);
    update.reset();
  };
  const change = (status: "active" | "disabled", message: string) =>
    update.mutate(
      { status },
      {
        onSuccess: () => {
          setAsking(false);
          toast({ message });
          // The button that was pressed is gone; the keyboard goes on beside its opposite.
          setTimeout(() => text.current?.focus());
        },
      },
    );

  return (
    <Panel title="Access">
      <div className="flex flex-col items-start gap-3 pb-1">
        <p ref={text} tabIndex={-1} className="text-muted outline-none">
          {disabled
            ? "This account is disabled: nobody can sign in to it."
            : "Disabling signs them out everywhere, and keeps them out until somebody enables them."}
        </p>
        {!asking && <ProblemNotice problem={shownProblem(update.error)} />}
        {disabled ? (
          <Button
            variant="secondary"
            pending={update.isPending}
            onClick={() => change("active", `${name} can sign in again.`)}
          >
            Enable the account
          </Button>
        ) : (
          <Button variant="danger" onClick={() => setAsking(true)}>
            Disable the account…
          </Button>
        )}
      </div>
      <ConfirmDialog
        open={asking}
        title={`Disable ${name}?`}
        confirmLabel="Disable"
        pending={update.isPending}
        onClose={close}
        onConfirm={() => change("disabled", `${name} is disabled.`)}
      >
        <p className="mb-4">
          They are signed out everywhere at once, and cannot sign in. Their orders
          {user.role === "seller" && " and products"} stay as they are. You can enable the account again at
          any time.
        </p>
        <ProblemNotice problem={shownProblem(update.error)} />
      </ConfirmDialog>
    </Panel>
  );
}
