/** Removing one that nothing is in. The server refuses while something is, and says how much. */
import type { Problem } from "@carat/api-client";
import { shownProblem } from "@carat/identity";
import { ConfirmDialog, Notice, ProblemNotice, toast } from "@carat/ui";
import { type Kind, type Place, useArrange, words } from "./places";

interface Props {
  kind: Kind;
  place: Place;
  onClose: () => void;
}

export function RemoveDialog({ kind, place, onClose }: Props) {
  const { remove } = useArrange(kind);
  const problem = shownProblem(remove.error);
  const inside = problem && contents(problem);
  return (
    <ConfirmDialog
      open
      title={`Delete ${place.name}?`}
      confirmLabel="Delete"
      pending={remove.isPending}
      onConfirm={() =>
        remove.mutate(place.id, {
          onSuccess: () => {
            onClose();
            toast({ message: `${place.name} is deleted.` });
          },
        })
      }
      onClose={onClose}
    >
      <p className="mb-4">Only a {words[kind].one} that nothing uses can be deleted.</p>
      {inside ? (
        <Notice tone="warning" title={`${inside} ${words[kind].inside}`}>
          <p>Drafts and archived pieces count, too. Merge it into another instead.</p>
        </Notice>
      ) : (
        <ProblemNotice problem={problem} />
      )}
    </ConfirmDialog>
  );
}

/** "2 pieces and 1 category are", of a refusal that counts them. */
export function contents({ extras }: Pick<Problem, "extras">): string | undefined {
  const counted = [
    many(extras.products, "piece", "pieces"),
    many(extras.categories, "category", "categories"),
  ].filter((each) => each !== undefined);
  if (counted.length === 0) return undefined;
  return `${counted.join(" and ")} ${counted.length === 1 && counted[0]?.startsWith("1 ") ? "is" : "are"}`;
}

function many(count: unknown, one: string, several: string): string | undefined {
  if (typeof count !== "number" || count === 0) return undefined;
  return `${count} ${count === 1 ? one : several}`;
}
