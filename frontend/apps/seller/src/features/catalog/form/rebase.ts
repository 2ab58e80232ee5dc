/**
 * The form when the product has changed on the server, by a sale or by saving: what nobody touched follows the server, what was
 * typed stays.
 */
import type { ProductValues } from "./model";
import type { VariantRow } from "./variants";

export function rebase(base: ProductValues, values: ProductValues, next: ProductValues): ProductValues {
  if (base === values) return next;
  const merged = merge(base, values, next);
  const before = new Map(base.rows.map((row) => [row.key, row]));
  const typed = new Map(values.rows.map((row) => [row.key, row]));
  const now = new Map(next.rows.map((row) => [row.key, row]));
  const follow = (row: VariantRow) => {
    const [old, mine] = [before.get(row.key), typed.get(row.key)];
    return old && mine ? merge(old, mine, row) : row;
  };
  // A grid to which rows were added, or from which they were taken, stays as it was typed.
  const grown = values.rows.length !== base.rows.length || values.rows.some(({ key }) => !before.has(key));
  merged.rows = grown ? values.rows.map((mine) => follow(now.get(mine.key) ?? mine)) : next.rows.map(follow);
  return merged;
}

function merge<Shape extends object>(base: Shape, mine: Shape, next: Shape): Shape {
  const merged = { ...next };
  for (const field of Object.keys(mine) as (keyof Shape)[]) {
    if (JSON.stringify(base[field]) !== JSON.stringify(mine[field])) merged[field] = mine[field];
  }
  return merged;
}
