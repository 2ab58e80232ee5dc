/** Adding a category or a material, and changing one. Whoever adds one that is there already is shown it. */
import { fieldErrors } from "@carat/api-client";
import { shownProblem } from "@carat/identity";
import { Button, Dialog, Input, ProblemNotice, Select } from "@carat/ui";
import { type FormEvent, useId, useState } from "react";
import { inOrder, type Kind, type Place, parentOf, useArrange, withBelow, words } from "./places";

interface Props {
  kind: Kind;
  places: Place[];
  /** The one that is changed; none is added. */
  place?: Place;
  onClose: () => void;
  onDone: (place: Place) => void;
  /** What to do with one that is there already, where it can be used instead. */
  onExisting?: (place: Pick<Place, "slug" | "name">) => void;
}

export function PlaceDialog({ kind, places, place, onClose, onDone, onExisting }: Props) {
  const [name, setName] = useState(place?.name ?? "");
  const [slug, setSlug] = useState(place?.slug ?? "");
  const [parent, setParent] = useState((place && parentOf(place)) ?? "");
  const [missing, setMissing] = useState(false);
  const { create, change } = useArrange(kind);
  const form = useId();
  const mutation = place ? change : create;
  const problem = shownProblem(mutation.error);
  const faults = problem ? fieldErrors(problem) : {};
  const existing = problem?.extras.existing as Pick<Place, "slug" | "name"> | undefined;
  const forbidden = place ? withBelow(places, place.id) : new Set<string>();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    // It stands in a page whose form must not hear of it.
    event.stopPropagation();
    setMissing(name.trim() === "");
    if (name.trim() === "") return;
    const parent_id = parent || null;
    const wish = { name: name.trim(), ...(kind === "category" && { parent_id }) };
    if (!place) create.mutate(wish, { onSuccess: onDone });
    else change.mutate({ id: place.id, wish: { ...wish, slug: slug.trim() } }, { onSuccess: onDone });
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title={place ? `Change ${place.name}` : `New ${words[kind].one}`}
      footer={
        <div className="flex flex-wrap justify-end gap-3">
          <Button variant="secondary" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" form={form} pending={mutation.isPending}>
            {place ? "Save" : `Add the ${words[kind].one}`}
          </Button>
        </div>
      }
    >
      <form id={form} onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Input
          label="Name"
          value={name}
          maxLength={80}
          error={missing ? "Give it a name." : faults.name}
          onChange={(event) => setName(event.target.value)}
        />
        {kind === "category" && (
          <Select
            label="Below"
            value={parent}
            error={faults.parent_id}
            onChange={(event) => setParent(event.target.value)}
          >
            <option value="">Nothing: it stands at the top</option>
            {inOrder(places)
              .filter(({ place: { id } }) => !forbidden.has(id))
              .map(({ place: { id, name: each }, depth }) => (
                <option key={id} value={id}>
                  {"\u00a0\u00a0\u00a0".repeat(depth) + each}
                </option>
              ))}
          </Select>
        )}
        {place && (
          <Input
            label="In addresses"
            hint="Old addresses stay good."
            value={slug}
            error={faults.slug}
            spellCheck={false}
            onChange={(event) => setSlug(event.target.value)}
          />
        )}
        {problem && problem.errors.length === 0 && <ProblemNotice problem={problem} />}
        {existing && onExisting && (
          <Button variant="secondary" className="self-start" onClick={() => onExisting(existing)}>
            Use {existing.name}
          </Button>
        )}
      </form>
    </Dialog>
  );
}
