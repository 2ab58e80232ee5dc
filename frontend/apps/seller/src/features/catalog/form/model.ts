/**
 * The product form's values as they were typed, and the way between them and the API. One plain object holds everything, so that
 * it can be compared (what changed?), kept (the draft) and put back without loss.
 */
import type { CreateProductRequest, Money, Product, UpdateProductRequest } from "@carat/api-client";
import { parseAmount, toDecimal } from "@carat/ui";
import { describe, type Markup, toHtml } from "./description";
import { type Axis, axesOf, missing, optionsOf, rowKey, usedAxes, type VariantRow } from "./variants";

type VariantChange = NonNullable<UpdateProductRequest["variants"]>[number];

export interface ProductValues {
  title: string;
  /** Its address; only an existing product has one. Blank draws it from the title. */
  slug: string;
  description: string;
  markup: Markup;
  currency: string;
  price: string;
  compareAt: string;
  category: string;
  materials: string[];
  status: Product["status"];
  axes: Axis[];
  rows: VariantRow[];
  /** Rows that the seller took out, as they were: combinations that are not made. */
  leftOut: VariantRow[];
}

export const currencies = ["EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "JPY", "KWD"];

export function emptyProduct(currency: string): ProductValues {
  return {
    title: "",
    slug: "",
    description: "",
    markup: "text",
    currency,
    price: "",
    compareAt: "",
    category: "",
    materials: [],
    status: "active",
    axes: [],
    rows: [{ key: rowKey([]), values: [], sku: "", price: "", stock: "1" }],
    leftOut: [],
  };
}

export function fromProduct(product: Product): ProductValues {
  const axes = axesOf(product.variants);
  const { text, markup } = describe(product.description);
  const rows = product.variants.map(({ id, sku, options, price, stock }) => {
    const values = axes.map(({ name }) => options[name] ?? "");
    const own = price.amount === product.price.amount ? "" : toDecimal(price);
    return { key: rowKey(values), id, values, sku, price: own, stock: String(stock) };
  });
  return {
    title: product.title,
    slug: product.slug,
    description: text,
    markup,
    currency: product.price.currency,
    price: toDecimal(product.price),
    compareAt: product.compare_at_price ? toDecimal(product.compare_at_price) : "",
    category: product.category?.slug ?? "",
    materials: product.materials.map(({ slug }) => slug),
    status: product.status,
    axes,
    rows,
    leftOut: missing(axes, rows),
  };
}

/** A product like this one: everything but what must be its own. */
export function copyOf(product: Product): ProductValues {
  const values = fromProduct(product);
  const rows = values.rows.map(({ id: _, ...row }) => ({ ...row, sku: "" }));
  return { ...values, rows, slug: "", title: `${values.title} (copy)`, status: "draft" };
}

/** What was typed, as money. Only for values that passed `validate`. */
function money(typed: string, { currency }: ProductValues): Money {
  return { amount: parseAmount(typed, currency) ?? 0, currency };
}

export function toCreate(values: ProductValues): CreateProductRequest {
  const single = usedAxes(values.axes).length === 0;
  const [only] = values.rows;
  return {
    title: values.title.trim(),
    price: money(values.price, values),
    description: toHtml({ text: values.description, markup: values.markup }),
    ...(values.compareAt.trim() ? { compare_at_price: money(values.compareAt, values) } : {}),
    ...(values.category ? { category: values.category } : {}),
    materials: values.materials,
    status: values.status === "draft" ? "draft" : "active",
    ...(single
      ? { stock: Number(only?.stock), ...(only?.sku.trim() ? { sku: only.sku.trim() } : {}) }
      : {
          option_names: optionNames(values),
          variants: values.rows.map((row) => newVariant(values, row)),
        }),
  };
}

/**
 * Only what differs from `base`. A new product price reaches every variant that is not named with its own, so all are named then.
 */
export function toPatch(base: ProductValues, values: ProductValues): UpdateProductRequest {
  const patch: UpdateProductRequest = {};
  if (values.title !== base.title) patch.title = values.title.trim();
  if (values.slug.trim() !== base.slug) patch.slug = values.slug.trim() || null;
  if (values.description !== base.description) {
    patch.description = toHtml({ text: values.description, markup: values.markup });
  }
  if (values.price !== base.price) patch.price = money(values.price, values);
  if (values.compareAt !== base.compareAt) {
    patch.compare_at_price = values.compareAt.trim() ? money(values.compareAt, values) : null;
  }
  if (values.category !== base.category) patch.category = values.category || null;
  if (String(values.materials) !== String(base.materials)) patch.materials = values.materials;
  if (values.status !== base.status) patch.status = values.status;
  if (String(optionNames(values)) !== String(optionNames(base))) patch.option_names = optionNames(values);
  const kept = new Set(values.rows.map(({ id }) => id));
  const removed = base.rows.flatMap(({ id }) => (id && !kept.has(id) ? id : []));
  if (removed.length > 0) patch.remove_variants = removed;
  const variants = rowsToSend(base, values).map((row) => variantChange(base, values, row));
  if (variants.length > 0) patch.variants = variants;
  return patch;
}

function optionNames({ axes }: ProductValues): string[] {
  return usedAxes(axes).map(({ name }) => name.trim());
}

/** The rows that a patch names, in its order. With one that is new, all are named, so that they stand in the order of the grid. */
export function rowsToSend(base: ProductValues, values: ProductValues): VariantRow[] {
  const allPrices = values.price !== base.price && values.rows.length > 1;
  if (allPrices || values.rows.some(({ id }) => !id)) return values.rows;
  return values.rows.filter((row) => {
    const { id: _, ...change } = variantChange(base, values, row);
    return Object.keys(change).length > 0;
  });
}

function newVariant(values: ProductValues, row: VariantRow) {
  return {
    ...(row.sku.trim() ? { sku: row.sku.trim() } : {}),
    ...(row.price.trim() ? { price: money(row.price, values) } : {}),
    options: optionsOf(row, values.axes),
    stock: Number(row.stock),
  };
}

/** What changes on a row. Its stock is set only if it is still the one that the seller saw. */
function variantChange(base: ProductValues, values: ProductValues, row: VariantRow): VariantChange {
  const before = base.rows.find(({ id }) => id === row.id);
  if (!row.id || !before) return newVariant(values, row);
  const allPrices = values.price !== base.price && values.rows.length > 1;
  const options = optionsOf(row, values.axes);
  const other = JSON.stringify(options) !== JSON.stringify(optionsOf(before, base.axes));
  return {
    id: row.id,
    ...(other ? { options } : {}),
    ...(allPrices || row.price !== before.price ? { price: money(row.price || values.price, values) } : {}),
    ...(row.stock !== before.stock ? { stock: Number(row.stock), expected_stock: Number(before.stock) } : {}),
    ...(row.sku !== before.sku ? { sku: row.sku.trim() } : {}),
  };
}
