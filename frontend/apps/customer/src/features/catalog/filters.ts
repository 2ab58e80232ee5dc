/**
 * The filters of the product list as they stand in the page's URL: the API's own names, plain and repeated. What makes no sense
 * in a URL is left out rather than refused, so that an old or mistyped link still shows something.
 */
import { many, one } from "@carat/api-client";

export const sorts = {
  "-created_at": "Newest first",
  price: "Price, low to high",
  "-price": "Price, high to low",
  title: "Name, A to Z",
} as const;

export type Sort = keyof typeof sorts;

export interface ProductFilters {
  q?: string;
  category?: string[];
  material?: string[];
  seller?: string;
  price_min?: number;
  price_max?: number;
  in_stock?: true;
  sort?: Sort;
}

export function parseFilters(search: Record<string, unknown>): ProductFilters {
  const sort = one(search.sort);
  return compact({
    q: one(search.q)?.trim(),
    category: unique(many(search.category)),
    material: unique(many(search.material)),
    seller: one(search.seller),
    price_min: minorUnits(search.price_min),
    price_max: minorUnits(search.price_max),
    in_stock: String(one(search.in_stock) ?? search.in_stock) === "true" ? true : undefined,
    sort: sort !== undefined && sort in sorts ? (sort as Sort) : undefined,
  });
}

/** Without the keys that say nothing, so that equal filters make equal URLs and equal cache keys. */
export function compact(filters: ProductFilters): ProductFilters {
  const entries = Object.entries(filters).filter(
    ([key, value]) =>
      value !== undefined &&
      value !== "" &&
      !(Array.isArray(value) && value.length === 0) &&
      !isDefaultSort(key, value),
  );
  return Object.fromEntries(entries);
}

/** The list with the value in it, or without it if it was there. */
export function toggled(list: string[] | undefined, value: string): string[] {
  return list?.includes(value) ? list.filter((each) => each !== value) : [...(list ?? []), value];
}

/** How many filters narrow the list; the order of it is none. */
export function countFilters({
  sort: _sort,
  price_min,
  price_max,
  category,
  material,
  ...rest
}: ProductFilters): number {
  const price = price_min !== undefined || price_max !== undefined ? 1 : 0;
  return (category?.length ?? 0) + (material?.length ?? 0) + price + Object.keys(rest).length;
}

function isDefaultSort(key: string, value: unknown): boolean {
  return key === "sort" && value === "-created_at";
}

function unique(values: string[]): string[] {
  return [...new Set(values)];
}

function minorUnits(value: unknown): number | undefined {
  const text = typeof value === "number" ? String(value) : one(value);
  if (text === undefined || !/^\d{1,15}$/.test(text)) return undefined;
  return Number(text);
}
