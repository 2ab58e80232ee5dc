/** What can be bought: the options span the grid, and each row of it is a variant. */
import { Button, toast } from "@carat/ui";
import { Plus } from "lucide-react";
import { AxisEditor } from "./AxisEditor";
import { Section } from "./Section";
import type { ProductForm } from "./use-product-form";
import { VariantsGrid } from "./VariantsGrid";
import { type Axis, countCombinations, maxRows, regrow, usedAxes } from "./variants";

const mostAxes = 3;

export function VariantsSection({ form }: { form: ProductForm }) {
  const { values, change, faults, isNew } = form;
  const { axes, rows, leftOut } = values;
  const single = usedAxes(axes).length === 0;

  const setAxes = (next: Axis[]) => {
    const sameCount = usedAxes(axes).length === usedAxes(next).length;
    const kept = sameCount ? leftOut : [];
    const count = countCombinations(next);
    if (count <= maxRows) change({ axes: next, leftOut: kept, rows: regrow(rows, axes, next, kept) });
    else toast({ message: `That would make ${count} variants. A product takes ${maxRows}.` });
  };
  const replaceAxis = (at: number, axis: Axis) =>
    setAxes(axes.map((each, place) => (place === at ? axis : each)));

  return (
    <Section title={single ? "Stock" : "Variants"}>
      <div className="flex flex-col gap-3">
        {axes.map((axis, at) => (
          <AxisEditor
            // biome-ignore lint/suspicious/noArrayIndexKey: an option is known by its place while its name is typed.
            key={at}
            axis={axis}
            number={at + 1}
            onChange={(next) => replaceAxis(at, next)}
            onRemove={() => setAxes(axes.filter((_, place) => place !== at))}
          />
        ))}
        {axes.length < mostAxes && (
          <Button
            variant="secondary"
            className="self-start"
            onClick={() => change({ axes: [...axes, { name: "", values: [] }] })}
          >
            <Plus aria-hidden="true" size={16} />
            {axes.length === 0 ? "Add an option, such as ring size" : "Add another option"}
          </Button>
        )}
      </div>
      {faults.axes && (
        <p role="alert" className="text-sm text-danger">
          {faults.axes}
        </p>
      )}
      <VariantsGrid form={form} />
      {leftOut.length > 0 && (
        <Button
          variant="quiet"
          className="self-start"
          onClick={() => change({ leftOut: [], rows: regrow([...rows, ...leftOut], axes, axes) })}
        >
          {isNew ? "Bring back" : "Add"}{" "}
          {leftOut.length === 1 ? "the variant" : `the ${leftOut.length} variants`}{" "}
          {isNew ? "you took out" : "you don't make"}
        </Button>
      )}
    </Section>
  );
}
