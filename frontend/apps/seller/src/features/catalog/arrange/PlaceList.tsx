/** All categories as a tree, or all materials: adding to them, renaming, moving, merging and deleting. */
import { Button, Skeleton, toast } from "@carat/ui";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { Combine, Pencil, Plus, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Panel, PanelProblem } from "../../../app/Panel";
import { categoriesQuery, materialsQuery } from "../queries";
import { MergeDialog } from "./MergeDialog";
import { PlaceDialog } from "./PlaceDialog";
import { inOrder, type Kind, type Place, words } from "./places";
import { RemoveDialog } from "./RemoveDialog";

type Doing = { what: "change" | "merge" | "remove"; place: Place } | { what: "add" };

export function PlaceList({ kind }: { kind: Kind }) {
  const categories = useQuery({ ...categoriesQuery, enabled: kind === "category" });
  const materials = useQuery({ ...materialsQuery, enabled: kind === "material" });
  const list: UseQueryResult<Place[]> = kind === "category" ? categories : materials;
  const [doing, setDoing] = useState<Doing>();
  const places = list.data ?? [];
  const { one, many } = words[kind];
  const done = () => setDoing(undefined);
  const say = (verb: string) => (place: Place) => {
    done();
    toast({ message: `${place.name} is ${verb}.` });
  };
  return (
    <Panel title={many}>
      {list.isPending && <Skeleton className="h-64" />}
      {list.isError && <PanelProblem query={list} />}
      {list.data && places.length === 0 && <p className="py-4 text-muted">There are none yet.</p>}
      <ul aria-label={many} className="divide-y divide-line">
        {inOrder(places).map(({ place, depth }) => (
          <Row key={place.id} place={place} depth={depth} onDo={(what) => setDoing({ what, place })} />
        ))}
      </ul>
      {list.data && (
        <Button variant="secondary" className="mt-3 mb-1" onClick={() => setDoing({ what: "add" })}>
          <Plus aria-hidden="true" size={16} /> Add a {one}
        </Button>
      )}
      {doing?.what === "add" && (
        <PlaceDialog kind={kind} places={places} onClose={done} onDone={say("added")} />
      )}
      {doing?.what === "change" && (
        <PlaceDialog kind={kind} places={places} place={doing.place} onClose={done} onDone={say("saved")} />
      )}
      {doing?.what === "merge" && (
        <MergeDialog kind={kind} places={places} place={doing.place} onClose={done} />
      )}
      {doing?.what === "remove" && <RemoveDialog kind={kind} place={doing.place} onClose={done} />}
    </Panel>
  );
}

interface RowProps {
  place: Place;
  depth: number;
  onDo: (what: "change" | "merge" | "remove") => void;
}

function Row({ place: { name, slug }, depth, onDo }: RowProps) {
  return (
    <li className="flex items-center justify-between gap-3 py-1">
      <div className="min-w-0" style={{ paddingLeft: `${depth * 1.25}rem` }}>
        <span className="block font-medium break-words">{name}</span>
        <span className="block truncate text-[0.8125rem] text-muted">{slug}</span>
      </div>
      <div className="flex shrink-0">
        <Action label={`Change ${name}`} onClick={() => onDo("change")}>
          <Pencil aria-hidden="true" size={16} />
        </Action>
        <Action label={`Merge ${name} into another`} onClick={() => onDo("merge")}>
          <Combine aria-hidden="true" size={16} />
        </Action>
        <Action label={`Delete ${name}`} onClick={() => onDo("remove")}>
          <Trash2 aria-hidden="true" size={16} />
        </Action>
      </div>
    </li>
  );
}

function Action({ label, onClick, children }: { label: string; onClick: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onClick}
      className="grid size-11 place-items-center rounded-sm text-muted hover:bg-tile hover:text-ink lg:size-9"
    >
      {children}
    </button>
  );
}
