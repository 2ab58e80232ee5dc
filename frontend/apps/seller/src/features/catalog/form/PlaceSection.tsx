/** Where the piece stands: whether customers see it, its category, and what it is made of. What is missing is added at once. */
import { Button, Input, Select, Skeleton } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { createPortal } from "react-dom";
import { PlaceDialog } from "../arrange/PlaceDialog";
import { inOrder, type Kind, type Place, words } from "../arrange/places";
import { categoriesQuery, materialsQuery } from "../queries";
import { statusNames } from "../StatusBadge";
import type { ProductValues } from "./model";
import { Section } from "./Section";
import type { ProductForm } from "./use-product-form";

const indent = "\u00a0\u00a0\u00a0";

export function PlaceSection({ form }: { form: ProductForm }) {
  const { values, change, faults, isNew } = form;
  const categories = useQuery(categoriesQuery).data;
  const statuses = (["active", "draft", "archived"] as const).filter(
    (status) => !isNew || status !== "archived",
  );
  return (
    <Section title="In the shop">
      <Select
        label="Status"
        value={values.status}
        error={faults.status}
        hint={values.status === "active" ? "Customers see and buy it." : "Only you see it."}
        onChange={(event) => change({ status: event.target.value as ProductValues["status"] })}
      >
        {statuses.map((status) => (
          <option key={status} value={status}>
            {statusNames[status]}
          </option>
        ))}
      </Select>
      <Select
        label="Category"
        value={values.category}
        error={faults.category}
        onChange={(event) => change({ category: event.target.value })}
      >
        <option value="">No category</option>
        {!categories && values.category && <option value={values.category}>{values.category}</option>}
        {inOrder(categories ?? []).map(({ place: { id, slug, name }, depth }) => (
          <option key={id} value={slug}>
            {indent.repeat(depth) + name}
          </option>
        ))}
      </Select>
      <AddPlace kind="category" places={categories ?? []} onAdded={(category) => change({ category })} />
      <Materials form={form} />
      {!isNew && (
        <Input
          label="Address"
          hint="What stands behind /products/. Leave it blank to draw it from the title. Old addresses stay good."
          value={values.slug}
          maxLength={120}
          spellCheck={false}
          error={faults.slug}
          onChange={(event) => change({ slug: event.target.value })}
        />
      )}
    </Section>
  );
}

function Materials({ form: { values, change, faults } }: { form: ProductForm }) {
  const materials = useQuery(materialsQuery).data;
  const toggle = (slug: string, chosen: boolean) =>
    change({
      materials: chosen ? [...values.materials, slug] : values.materials.filter((each) => each !== slug),
    });
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium">Materials</legend>
      {!materials && <Skeleton className="h-32" />}
      <div className="flex flex-wrap gap-1.5">
        {materials?.map(({ slug, name }) => (
          <label
            key={slug}
            className="flex min-h-8 cursor-pointer items-center rounded-sm border border-line px-2.5 text-sm transition-colors select-none hover:border-edge has-checked:border-accent has-checked:bg-accent-soft has-checked:text-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent pointer-coarse:min-h-11"
          >
            <input
              type="checkbox"
              className="sr-only"
              checked={values.materials.includes(slug)}
              onChange={(event) => toggle(slug, event.target.checked)}
            />
            {name}
          </label>
        ))}
      </div>
      {faults.materials && <p className="mt-1.5 text-sm text-danger">{faults.materials}</p>}
      <AddPlace
        kind="material"
        places={materials ?? []}
        onAdded={(slug) => !values.materials.includes(slug) && toggle(slug, true)}
      />
    </fieldset>
  );
}

interface AddProps {
  kind: Kind;
  places: Place[];
  /** With the slug of the one that is to be chosen now. */
  onAdded: (slug: string) => void;
}

/** It is there for everybody's pieces from then on. */
function AddPlace({ kind, places, onAdded }: AddProps) {
  const [open, setOpen] = useState(false);
  const choose = ({ slug }: Pick<Place, "slug">) => {
    setOpen(false);
    onAdded(slug);
  };
  return (
    <>
      <Button
        variant="quiet"
        className={kind === "category" ? "-mt-2 self-start" : "mt-1.5"}
        onClick={() => setOpen(true)}
      >
        <Plus aria-hidden="true" size={16} /> New {words[kind].one}
      </Button>
      {open &&
        // A form can't stand in a form.
        createPortal(
          <PlaceDialog
            kind={kind}
            places={places}
            onClose={() => setOpen(false)}
            onDone={choose}
            onExisting={choose}
          />,
          document.body,
        )}
    </>
  );
}
