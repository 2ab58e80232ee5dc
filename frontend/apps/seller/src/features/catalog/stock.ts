/** The stock of a product: together, by variant, and whether it runs low. */
import type { Product } from "@carat/api-client";

export const lowStock = 2;

export type StockLevel = "sold-out" | "low" | "good";

export function totalStock({ variants }: Pick<Product, "variants">): number {
  return variants.reduce((sum, { stock }) => sum + stock, 0);
}

export function stockLevel(stock: number): StockLevel {
  if (stock <= 0) return "sold-out";
  return stock <= lowStock ? "low" : "good";
}

export function variantName(options: Record<string, string>): string {
  return Object.values(options).join(" / ");
}

export interface Shortage {
  product: Product;
  /** Of the whole product: `good` where only some of its variants are sold out. */
  level: StockLevel;
  /** The variants that are sold out. */
  soldOut: Product["variants"];
}

/** What to make next: pieces on sale that run low or are sold out, in part or altogether; those with the least left first. */
export function shortages(products: Product[]): Shortage[] {
  return products
    .filter(({ status }) => status === "active")
    .map((product) => ({
      product,
      level: stockLevel(totalStock(product)),
      soldOut: product.variants.filter(({ stock }) => stock <= 0),
    }))
    .filter(({ level, soldOut }) => level !== "good" || soldOut.length > 0)
    .sort((a, b) => totalStock(a.product) - totalStock(b.product));
}
