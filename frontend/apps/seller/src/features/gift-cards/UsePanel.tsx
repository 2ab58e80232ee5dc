/** Keeping a gift card from being used, and letting it be used again. Both can be undone, so neither is asked twice. */
import type { GiftCard } from "@carat/api-client";
import { shownProblem } from "@carat/identity";
import { Button, ProblemNotice, toast } from "@carat/ui";
import { useRef } from "react";
import { Panel } from "../../app/Panel";
import { useUpdateCard } from "./queries";

const texts: Record<GiftCard["status"], string> = {
  active: "Whoever has the code can use it. A disabled card keeps its value, but nobody can use it.",
  disabled: "Nobody can use this card until it is enabled again. Its value stays on it.",
  redeemed: "Nothing is left on this card, so there is nothing to disable.",
  expired: "It is too late to use this card, so there is nothing to disable.",
};

const takenBack =
  "It was taken back untouched, and its price went back to who had bought it. Nobody can use it again.";

export function UsePanel({ card: { id, status, voided_at } }: { card: GiftCard }) {
  const update = useUpdateCard(id);
  const text = useRef<HTMLParagraphElement>(null);
  const change = (to: "active" | "disabled") =>
    update.mutate(to, {
      onSuccess: () => {
        const back = to === "active" ? "disabled" : "active";
        toast({
          message: to === "active" ? "The card can be used again." : "The card is disabled.",
          action: { label: "Undo", onAction: () => update.mutate(back) },
        });
        // The button that was pressed is gone; the keyboard goes on beside its opposite.
        setTimeout(() => text.current?.focus());
      },
    });
  return (
    <Panel title="Use">
      <div className="flex flex-col items-start gap-3 pb-1">
        <p ref={text} tabIndex={-1} className="text-muted outline-none">
          {voided_at ? takenBack : texts[status]}
        </p>
        <ProblemNotice problem={shownProblem(update.error)} />
        {status === "active" && (
          <Button variant="danger" pending={update.isPending} onClick={() => change("disabled")}>
            Disable the card
          </Button>
        )}
        {status === "disabled" && !voided_at && (
          <Button variant="secondary" pending={update.isPending} onClick={() => change("active")}>
            Enable the card
          </Button>
        )}
      </div>
    </Panel>
  );
}
