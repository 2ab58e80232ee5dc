/** Asks before something that cannot be undone. The answer that changes nothing comes first. */
import type { ReactNode } from "react";
import { Button, type ButtonVariant } from "./Button";
import { Dialog } from "./Dialog";

interface Props {
  open: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  confirmLabel: string;
  onConfirm: () => void;
  pending?: boolean;
  variant?: ButtonVariant;
}

export function ConfirmDialog(props: Props) {
  const { open, onClose, title, children, confirmLabel, onConfirm, pending, variant = "danger" } = props;
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      footer={
        <div className="flex flex-wrap justify-end gap-3">
          <Button variant="secondary" onClick={onClose}>
            Leave it
          </Button>
          <Button variant={variant} pending={pending} onClick={onConfirm}>
            {confirmLabel}
          </Button>
        </div>
      }
    >
      <div className="text-[0.9375rem]">{children}</div>
    </Dialog>
  );
}
