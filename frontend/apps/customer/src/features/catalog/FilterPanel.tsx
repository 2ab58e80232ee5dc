/** Everything by which the list can be narrowed: kind, material, price, and what is in stock. */
import type { Category } from "@carat/api-client";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type ProductFilters, toggled } from "./filters";
import { PriceFilter } from "./PriceFilter";
import { categoriesQuery, materialsQuery } from "./queries";
import type { ChangeFilters } from "./use-filters";

interface Props {
  filters: ProductFilters;
  change: ChangeFilters;
  currency: string;
}

export function FilterPanel({ filters, change, currency }: Props) {
  const categories = useQuery(categoriesQuery).data ?? [];
  const materials = useQuery(materialsQuery).data ?? [];
  return (
    <div className="flex flex-col gap-8">
      <Choice
        label="Only what is in stock"
        checked={filters.in_stock === true}
        onChange={() => change({ in_stock: filters.in_stock ? undefined : true })}
      />
      {categories.length > 0 && (
        <Group title="Kind">
          {inTreeOrder(categories).map(({ id, slug, name, parent_id }) => (
            <Choice
              key={id}
              label={name}
              nested={parent_id !== null}
              checked={filters.category?.includes(slug) ?? false}
              onChange={() => change({ category: toggled(filters.category, slug) })}
            />
          ))}
        </Group>
      )}
      <PriceFilter filters={filters} change={change} currency={currency} />
      {materials.length > 0 && (
        <Group title="Material">
          {materials.map(({ id, slug, name }) => (
            <Choice
              key={id}
              label={name}
              checked={filters.material?.includes(slug) ?? false}
              onChange={() => change({ material: toggled(filters.material, slug) })}
            />
          ))}
        </Group>
      )}
    </div>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset>
      <legend className="mb-1 font-display text-xl">{title}</legend>
      {children}
    </fieldset>
  );
}

interface ChoiceProps {
  label: string;
  checked: boolean;
  onChange: () => void;
  nested?: boolean;
}

function Choice({ label, checked, onChange, nested }: ChoiceProps) {
  return (
    <label
      className={`flex min-h-11 cursor-pointer items-center gap-3 text-[0.9375rem] hover:text-accent lg:min-h-9 ${nested ? "pl-6 text-muted" : ""}`}
    >
      <input
        type="checkbox"
        checked={checked}
        onChange={onChange}
        className="size-[1.125rem] accent-accent"
      />
      {label}
    </label>
  );
}

function inTreeOrder(categories: Category[]): Category[] {
  const below = (parent: string | null): Category[] =>
    categories.filter(({ parent_id }) => parent_id === parent).flatMap((each) => [each, ...below(each.id)]);
  return below(null);
}
