/**
 * The variants of a product as a grid: the options (Ring size, Metal) span it, each combination of their values is a row, and
 * what was typed in a row survives every change of the options around it. A product without options is a grid of one row.
 */
export interface Axis {
  name: string;
  values: string[];
}

export interface VariantRow {
  /** The row's values as one text. */
  key: string;
  /** Of a variant that exists. */
  id?: string;
  /** One value for each axis that has values. */
  values: string[];
  sku: string;
  /** Blank follows the product's price. */
  price: string;
  stock: string;
}

export const maxRows = 100;

export function usedAxes(axes: Axis[]): Axis[] {
  return axes.filter((axis) => axis.values.length > 0);
}

export function rowKey(values: string[]): string {
  return JSON.stringify(values);
}

export function rowName({ values }: Pick<VariantRow, "values">): string {
  return values.filter(Boolean).join(" / ");
}

/** The combinations of the options that no row has: what the seller does not make. */
export function missing(axes: Axis[], rows: VariantRow[]): VariantRow[] {
  if (usedAxes(axes).length === 0 || countCombinations(axes) > maxRows) return [];
  const there = new Set(rows.map(({ key }) => key));
  return combinations(usedAxes(axes))
    .map((values) => ({ key: rowKey(values), values, sku: "", price: "", stock: "0" }))
    .filter(({ key }) => !there.has(key));
}

function combinations(axes: Axis[]): string[][] {
  return axes.reduce<string[][]>(
    (rows, { values }) => rows.flatMap((row) => values.map((value) => [...row, value])),
    [[]],
  );
}

/** How many rows the options would make. */
export function countCombinations(axes: Axis[]): number {
  return usedAxes(axes).reduce((product, { values }) => product * values.length, 1);
}

/** The rows for new axes. A row keeps what was typed; a row that an added option has split hands its price and stock on. */
export function regrow(
  rows: VariantRow[],
  before: Axis[],
  after: Axis[],
  leftOut: VariantRow[] = [],
): VariantRow[] {
  const [old, now] = [usedAxes(before), usedAxes(after)];
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const sameAxes = old.length === now.length;
  return combinations(now)
    .filter((values) => !leftOut.some(({ key }) => key === rowKey(values)))
    .map((values) => {
      const key = rowKey(values);
      const kept = sameAxes ? byKey.get(key) : undefined;
      if (kept) return kept;
      const parent = sameAxes ? undefined : rows.find((row) => agrees(row, old, values, now));
      return { key, values, sku: "", price: parent?.price ?? "", stock: parent?.stock ?? "" };
    });
}

/** Whether a row of the old grid has the same value as the new one wherever both know the option. */
function agrees(row: VariantRow, old: Axis[], values: string[], now: Axis[]): boolean {
  return old.every((axis, place) => {
    const at = now.findIndex(({ name }) => name === axis.name);
    return at < 0 || values[at] === row.values[place];
  });
}

/** The options of a row as the API has them. */
export function optionsOf(row: VariantRow, axes: Axis[]): Record<string, string> {
  const names = usedAxes(axes).map(({ name }) => name.trim());
  return Object.fromEntries(names.map((name, place) => [name, row.values[place] ?? ""]));
}

/** The axes that span the variants of an existing product. */
export function axesOf(variants: { options: Record<string, string> }[]): Axis[] {
  const axes = new Map<string, Set<string>>();
  for (const { options } of variants) {
    for (const [name, value] of Object.entries(options)) {
      axes.set(name, (axes.get(name) ?? new Set()).add(value));
    }
  }
  return Array.from(axes, ([name, values]) => ({ name, values: [...values] }));
}
