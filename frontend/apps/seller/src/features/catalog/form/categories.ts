/** The categories as a tree, flattened in the order and depth in which a select shows them. */
import type { Category } from "@carat/api-client";

export interface Branch {
  category: Category;
  depth: number;
}

export function categoryTree(categories: Category[], parent: string | null = null, depth = 0): Branch[] {
  return categories
    .filter(({ parent_id }) => parent_id === parent)
    .flatMap((category) => [{ category, depth }, ...categoryTree(categories, category.id, depth + 1)]);
}
