/** Leaving with something unsaved: it is kept as a draft either way, and the seller is told. */
import { Button, Dialog } from "@carat/ui";
import { inWords } from "./changes";

interface Props {
  /** The router's: whether a way out is held up, and the two ways on. */
  blocker: { status: "idle" | "blocked"; proceed?: () => void; reset?: () => void };
  named: string[];
}

export function LeaveDialog({ blocker, named }: Props) {
  const stay = () => blocker.reset?.();
  return (
    <Dialog
      open={blocker.status === "blocked"}
      onClose={stay}
      title="Leave without saving?"
      footer={
        <div className="flex flex-wrap justify-end gap-2">
          <Button variant="secondary" onClick={() => blocker.proceed?.()}>
            Leave, keep the draft
          </Button>
          <Button onClick={stay}>Keep editing</Button>
        </div>
      }
    >
      <p>
        Not saved: {inWords(named)}. If you leave, it stays in this browser as a draft, and is offered again
        when you come back.
      </p>
    </Dialog>
  );
}
