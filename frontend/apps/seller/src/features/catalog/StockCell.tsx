/** How many pieces there are: the sum, and each variant where there are several. */
import type { Product } from "@carat/api-client";
import clsx from "clsx";
import { type StockLevel, stockLevel, totalStock, variantName } from "./stock";

const tones: Record<StockLevel, string> = { "sold-out": "text-danger", low: "text-warning", good: "" };
const most = 5;

export function StockCell({ product }: { product: Product }) {
  const total = totalStock(product);
  const level = stockLevel(total);
  const several = product.variants.length > 1;
  const hidden = product.variants.length - most;
  return (
    <div>
      <span className={clsx("font-medium", tones[level])}>{level === "sold-out" ? "Sold out" : total}</span>
      {several && level !== "sold-out" && (
        <ul className="flex flex-wrap gap-x-2.5 text-[0.8125rem] leading-5 text-muted">
          {product.variants.slice(0, most).map(({ id, options, stock }) => (
            <li key={id} className="whitespace-nowrap">
              {variantName(options)}{" "}
              <b className={clsx("font-medium", stock > 0 ? "text-ink" : "text-danger")}>{stock}</b>
            </li>
          ))}
          {hidden > 0 && <li>and {hidden} more</li>}
        </ul>
      )}
    </div>
  );
}
