/** Merging one into another, which can't be undone: what is in it moves, and its addresses lead there. */
import { shownProblem } from "@carat/identity";
import { ConfirmDialog, ProblemNotice, Select, toast } from "@carat/ui";
import { useState } from "react";
import { inOrder, type Kind, type Place, useArrange, withBelow, words } from "./places";

interface Props {
  kind: Kind;
  places: Place[];
  place: Place;
  onClose: () => void;
}

export function MergeDialog({ kind, places, place, onClose }: Props) {
  const [into, setInto] = useState("");
  const [missing, setMissing] = useState(false);
  const { merge } = useArrange(kind);
  const forbidden = withBelow(places, place.id);
  const confirm = () => {
    setMissing(!into);
    if (!into) return;
    merge.mutate(
      { id: place.id, into },
      {
        onSuccess: (stays) => {
          onClose();
          toast({ message: `${place.name} is now part of ${stays.name}.` });
        },
      },
    );
  };
  return (
    <ConfirmDialog
      open
      title={`Merge ${place.name} into another`}
      confirmLabel="Merge"
      pending={merge.isPending}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p className="mb-4">
        {kind === "category"
          ? "All its pieces, and the categories below it, move there. "
          : "Whatever is made of it is made of the other. "}
        Its addresses lead there, too. This can't be undone.
      </p>
      <Select
        label="Into"
        value={into}
        error={missing ? `Choose a ${words[kind].one}.` : undefined}
        className="mb-4"
        onChange={(event) => setInto(event.target.value)}
      >
        <option value="">Choose…</option>
        {inOrder(places)
          .filter(({ place: { id } }) => !forbidden.has(id))
          .map(({ place: { id, name }, depth }) => (
            <option key={id} value={id}>
              {"\u00a0\u00a0\u00a0".repeat(depth) + name}
            </option>
          ))}
      </Select>
      <ProblemNotice problem={shownProblem(merge.error)} />
    </ConfirmDialog>
  );
}
