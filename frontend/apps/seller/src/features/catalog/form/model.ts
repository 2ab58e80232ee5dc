/**
 * The product form's values as they were typed, and the way between them and the API. One plain object holds everything, so that
 * it can be compared (what changed?), kept (the draft) and put back without loss.
 */
import type { CreateProductRequest, Money, Product, UpdateProductRequest } from "@carat/api-client";
import { parseAmount, toDecimal } from "@carat/ui";
import { describe, type Markup, toHtml } from "./description";
import { type Axis, axesOf, optionsOf, rowKey, usedAxes, type VariantRow } from "./variants";

export interface ProductValues {
  title: string;
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
  return {
    title: product.title,
    description: text,
    markup,
    currency: product.price.currency,
    price: toDecimal(product.price),
    compareAt: product.compare_at_price ? toDecimal(product.compare_at_price) : "",
    category: product.category?.slug ?? "",
    materials: product.materials.map(({ slug }) => slug),
    status: product.status,
    axes,
    rows: product.variants.map(({ id, sku, options, price, stock }) => ({
      key: id,
      values: axes.map(({ name }) => options[name] ?? ""),
      sku,
      price: price.amount === product.price.amount ? "" : toDecimal(price),
      stock: String(stock),
    })),
    leftOut: [],
  };
}

/** A product like this one: everything but what must be its own. */
export function copyOf(product: Product): ProductValues {
  const values = fromProduct(product);
  const rows = values.rows.map((row) => ({ ...row, key: rowKey(row.values), sku: "" }));
  return { ...values, rows, title: `${values.title} (copy)`, status: "draft" };
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
          variants: values.rows.map((row) => ({
            ...(row.sku.trim() ? { sku: row.sku.trim() } : {}),
            ...(row.price.trim() ? { price: money(row.price, values) } : {}),
            options: optionsOf(row, values.axes),
            stock: Number(row.stock),
          })),
        }),
  };
}

/**
 * Only what differs from `base`. A new product price reaches every variant that is not named with its own, so all are named then.
 */
export function toPatch(base: ProductValues, values: ProductValues): UpdateProductRequest {
  const patch: UpdateProductRequest = {};
  if (values.title !== base.title) patch.title = values.title.trim();
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
  const variants = rowsToSend(base, values).map((row) => variantChange(base, values, row));
  if (variants.length > 0) patch.variants = variants;
  return patch;
}

/** The rows that a patch names, in its order. */
export function rowsToSend(base: ProductValues, values: ProductValues): VariantRow[] {
  const allPrices = values.price !== base.price && values.rows.length > 1;
  return values.rows.filter((row) => {
    const before = base.rows.find(({ key }) => key === row.key);
    return allPrices || row.stock !== before?.stock || row.price !== before.price || row.sku !== before.sku;
  });
}

function variantChange(base: ProductValues, values: ProductValues, row: VariantRow) {
  const before = base.rows.find(({ key }) => key === row.key);
  const allPrices = values.price !== base.price && values.rows.length > 1;
  return {
    id: row.key,
    ...(allPrices || row.price !== before?.price ? { price: money(row.price || values.price, values) } : {}),
    ...(row.stock !== before?.stock ? { stock: Number(row.stock) } : {}),
    ...(row.sku !== before?.sku ? { sku: row.sku.trim() } : {}),
  };
}
