/**
 * What was typed and not saved, kept in this browser under the seller and the product. A draft that cannot be read, or is older
 * than the form's shape, is no draft.
 */
import { emptyProduct, type ProductValues } from "./model";

export interface Draft {
  values: ProductValues;
  /** The product's `updated_at` when typing began. */
  base: string | null;
  keptAt: string;
}

const shape = Object.keys(emptyProduct("EUR"));

export function draftName(userId: string, product: string): string {
  return `carat.seller.draft.${userId}.${product}`;
}

export function readDraft(name: string, storage: Storage = localStorage): Draft | undefined {
  try {
    const draft = JSON.parse(storage.getItem(name) ?? "null") as Draft | null;
    return draft && shape.every((field) => field in draft.values) ? draft : undefined;
  } catch {
    return undefined;
  }
}

export function keepDraft(name: string, draft: Draft, storage: Storage = localStorage): void {
  try {
    storage.setItem(name, JSON.stringify(draft));
  } catch {
    // Storage is full or closed to us: the guard against leaving still holds.
  }
}

export function forgetDraft(name: string, storage: Storage = localStorage): void {
  try {
    storage.removeItem(name);
  } catch {
    // Nothing was kept either.
  }
}
