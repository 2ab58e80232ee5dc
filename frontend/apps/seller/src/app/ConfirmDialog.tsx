/** Asks before something that cannot simply be undone; shows what the server says against it, and closes when it is done. */
import { shownProblem } from "@carat/identity";
import { Button, Dialog, ProblemNotice } from "@carat/ui";
import type { ReactNode } from "react";

interface Props {
  title: string;
  children: ReactNode;
  /** What the button does, in its own words. */
  confirm: string;
  danger?: boolean;
  pending: boolean;
  error?: unknown;
  onConfirm: () => void;
  onClose: () => void;
}

export function ConfirmDialog(props: Props) {
  const { title, children, confirm, danger, pending, error, onConfirm, onClose } = props;
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      footer={
        <div className="flex flex-wrap justify-end gap-3">
          <Button variant="secondary" onClick={onClose}>
            Cancel
          </Button>
          <Button variant={danger ? "danger" : "primary"} pending={pending} onClick={onConfirm}>
            {confirm}
          </Button>
        </div>
      }
    >
      <div className="flex flex-col gap-4">
        {children}
        <ProblemNotice problem={shownProblem(error)} />
      </div>
    </Dialog>
  );
}
