/** The names of what differs between two states of the form, for the save bar: "Title, Price and Stock of 52 / Gold". */
import type { ProductValues } from "./model";
import { rowName, type VariantRow } from "./variants";

const fields: [keyof ProductValues, string][] = [
  ["title", "Title"],
  ["slug", "Address"],
  ["description", "Description"],
  ["currency", "Currency"],
  ["price", "Price"],
  ["compareAt", "Compare-at price"],
  ["category", "Category"],
  ["materials", "Materials"],
  ["status", "Status"],
  ["axes", "Options"],
];

const columns: [keyof VariantRow, string][] = [
  ["stock", "Stock"],
  ["price", "Price"],
  ["sku", "SKU"],
];

export function changes(base: ProductValues, values: ProductValues): string[] {
  if (base === values) return [];
  const named = fields.filter(([field]) => differ(base[field], values[field])).map(([, name]) => name);
  const before = new Map(base.rows.map((row) => [row.key, row]));
  for (const [column, name] of columns) {
    const touched = values.rows.filter((row) => {
      const old = before.get(row.key);
      return old && old[column] !== row[column];
    });
    if (touched.length > 0) named.push(nameRows(name, touched, values.rows.length));
  }
  if (!named.includes("Options") && rowKeys(values) !== rowKeys(base)) named.push("Variants");
  return named;
}

function rowKeys({ rows }: ProductValues): string {
  return rows.map(({ key }) => key).join();
}

function nameRows(column: string, touched: VariantRow[], all: number): string {
  const [first] = touched;
  if (all === 1 || !first) return column;
  return touched.length === 1 ? `${column} of ${rowName(first)}` : `${column} of ${touched.length} variants`;
}

function differ(a: unknown, b: unknown): boolean {
  return a !== b && JSON.stringify(a) !== JSON.stringify(b);
}

/** Several names as one phrase. */
export function inWords(names: string[], most = 4): string {
  const shown =
    names.length > most ? [...names.slice(0, most - 1), `${names.length - most + 1} more`] : names;
  return new Intl.ListFormat("en", { type: "conjunction" }).format(shown);
}
