/**
 * A dialog or a drawer on the browser's own <dialog>: it traps focus, closes on Escape and on a click beside it, and gives focus
 * back to where it was.
 */
import clsx from "clsx";
import { X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";

interface Props {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  children: ReactNode;
  /** Stays at the bottom while the content scrolls. */
  footer?: ReactNode;
  placement?: "centre" | "right" | "left" | "full";
  /** Only what stands in it closes it: no Escape, no click beside it. For what is shown once. */
  stays?: boolean;
}

const placements = {
  centre: "m-auto max-h-[90dvh] w-[min(34rem,calc(100vw-2rem))] rounded-md starting:open:translate-y-3",
  full: "m-0 h-dvh max-h-none w-full max-w-none",
  right: "ml-auto mr-0 my-0 h-dvh max-h-none w-[min(28rem,100%)] max-w-none starting:open:translate-x-8",
  left: "mr-auto ml-0 my-0 h-dvh max-h-none w-[min(24rem,100%)] max-w-none starting:open:-translate-x-8",
};

export function Dialog({
  open,
  onClose,
  title,
  children,
  footer,
  placement = "centre",
  stays = false,
}: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useEffect(() => {
    const element = dialog.current;
    if (!element) return;
    if (open && !element.open) element.showModal();
    if (!open && element.open) element.close();
  }, [open]);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the browser closes a modal dialog on Escape by itself.
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      // On Escape, who opened it is told before it closes, and not once more if it is open again by then.
      onCancel={(event) => {
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        if (!stays) onClose();
      }}
      onClose={(event) => {
        if (event.currentTarget.open) return;
        // Browsers without `closedby` close it on a second Escape, whatever was said to the first.
        if (stays && open) event.currentTarget.showModal();
        else onClose();
      }}
      closedby={stays ? "none" : undefined}
      onClick={(event) => event.target === event.currentTarget && !stays && onClose()}
      className={clsx(
        "overlay bg-surface p-0 text-ink shadow-raised open:flex open:flex-col",
        placements[placement],
      )}
    >
      {open && (
        <>
          <div className="flex items-center justify-between gap-4 min-h-15 border-b border-line py-2 pr-2 pl-5">
            <h2 id={titleId} className="font-display text-heading">
              {title}
            </h2>
            {stays || (
              <button
                type="button"
                onClick={onClose}
                aria-label="Close"
                className="grid size-11 place-items-center rounded-sm transition-colors hover:bg-tile"
              >
                <X aria-hidden="true" size={20} />
              </button>
            )}
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-5 py-4">{children}</div>
          {footer && <div className="border-t border-line px-5 py-4">{footer}</div>}
        </>
      )}
    </dialog>
  );
}
