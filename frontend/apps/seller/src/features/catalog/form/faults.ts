/**
 * What is wrong, at the field where it can be mended. `validate` finds it before the server is asked; `placeFaults` puts the
 * server's own faults at the same fields.
 */
import type { Problem } from "@carat/api-client";
import { currencyDigits, parseAmount } from "@carat/ui";
import type { ProductValues } from "./model";
import { rowName, usedAxes, type VariantRow } from "./variants";

/** Messages by field: `title`, `price`, ..., `row:<key>:stock`; what belongs to no field is under `form`. */
export type Faults = Record<string, string>;

export function rowField(row: Pick<VariantRow, "key">, column: "sku" | "price" | "stock"): string {
  return `row:${row.key}:${column}`;
}

export function validate(values: ProductValues): Faults {
  const faults: Faults = {};
  if (!values.title.trim()) faults.title = "Give the piece a title.";
  const price = parseAmount(values.price, values.currency);
  if (!price) faults.price = amountFault(values.price, values.currency);
  if (values.compareAt.trim()) {
    const compareAt = parseAmount(values.compareAt, values.currency);
    if (!compareAt) faults.compareAt = amountFault(values.compareAt, values.currency);
    else if (price && compareAt <= price) faults.compareAt = "This must be higher than the price, or empty.";
  }
  checkAxes(values, faults);
  checkRows(values, faults);
  return faults;
}

function checkAxes({ axes, rows }: ProductValues, faults: Faults) {
  const names = usedAxes(axes).map(({ name }) => name.trim().toLowerCase());
  if (names.includes("")) faults.axes = "Give each option a name, such as Ring size.";
  else if (new Set(names).size < names.length) faults.axes = "Two options have the same name.";
  else if (rows.length === 0) faults.axes = "Keep at least one variant.";
}

function checkRows({ rows, currency }: ProductValues, faults: Faults) {
  const numbers = new Map<string, VariantRow>();
  for (const row of rows) {
    if (!/^\d{1,6}$/.test(row.stock.trim())) {
      faults[rowField(row, "stock")] = row.stock.trim() ? "Enter a whole number." : "How many are there?";
    }
    if (row.price.trim() && !parseAmount(row.price, currency)) {
      faults[rowField(row, "price")] = amountFault(row.price, currency);
    }
    const sku = row.sku.trim();
    const other = sku && numbers.get(sku);
    if (other) faults[rowField(row, "sku")] = `${rowName(other) || "Another variant"} has this SKU.`;
    if (sku) numbers.set(sku, row);
  }
}

function amountFault(typed: string, currency: string): string {
  if (!typed.trim()) return "Enter a price.";
  if (parseAmount(typed, currency) === 0) return "The price must be more than zero.";
  const digits = currencyDigits(currency);
  const example = (1250).toFixed(digits);
  return `Enter an amount such as ${example}${digits === 0 ? `: ${currency} has no decimals` : ""}.`;
}

const fields: Record<string, string> = {
  title: "title",
  slug: "slug",
  description: "description",
  price: "price",
  compare_at_price: "compareAt",
  category: "category",
  materials: "materials",
  status: "status",
};

/** The problem's faults by field. `sent` are the rows that the request named, in its order. */
export function placeFaults(problem: Problem, sent: VariantRow[], values: ProductValues): Faults {
  const faults: Faults = {};
  const add = (field: string, message: string) => {
    faults[field] = faults[field] ? `${faults[field]} ${sentence(message)}` : sentence(message);
  };
  for (const { pointer, message } of problem.errors) add(place(pointer, sent, values.rows), message);
  if (problem.code === "stock-changed") {
    for (const { id, stock } of movedStock(problem)) {
      const row = values.rows.find((each) => each.id === id);
      const text = `Meanwhile there are ${stock}. Save again if ${row?.stock} is right.`;
      if (row) add(rowField(row, "stock"), text);
    }
  } else if (problem.code === "slug-taken") faults.slug = "Another piece has this address, or had it.";
  else if (problem.errors.length === 0) faults.form = problem.message;
  return faults;
}

/** The variants whose stock is not the one that the seller saw, as they are now. */
export function movedStock({
  code,
  extras,
}: Pick<Problem, "code" | "extras">): { id: string; stock: number }[] {
  const moved = code === "stock-changed" && extras.variants;
  return Array.isArray(moved) ? moved : [];
}

/** "must not be empty" as a sentence of its own. */
function sentence(message: string): string {
  const start = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}

function place(pointer: string, sent: VariantRow[], rows: VariantRow[]): string {
  const [name = "", index, column] = pointer.split("/").slice(1);
  const [only] = rows;
  if (name === "variants") {
    const row = sent[Number(index)];
    if (!row) return "axes";
    return column === "sku" || column === "price" || column === "stock" ? rowField(row, column) : "axes";
  }
  if ((name === "stock" || name === "sku") && only) return rowField(only, name);
  return fields[name] ?? "form";
}
