/** The lines of an order that are the seller's own. */
import type { OrderLine } from "@carat/api-client";
import { Money, Picture } from "@carat/ui";
import { Link } from "@tanstack/react-router";
import { variantName } from "../catalog/stock";

export function OrderLines({ lines }: { lines: OrderLine[] }) {
  return (
    <ul className="divide-y divide-line border-b border-line">
      {lines.map((line) => (
        <li key={line.id} className="grid grid-cols-[4rem_minmax(0,1fr)_auto] gap-x-3 py-3 sm:gap-x-4">
          <Picture
            image={line.image}
            subject={line.title}
            sizes="64px"
            decorative
            className="w-16 rounded-sm"
          />
          <div>
            <Link
              to="/products/$id"
              params={{ id: line.product_id }}
              className="font-medium underline-offset-4 hover:underline"
            >
              {line.title}
            </Link>
            <p className="text-sm text-muted">
              {[variantName(line.options), line.sku].filter(Boolean).join(" · ")}
            </p>
            <p className="text-sm text-muted">
              {line.quantity} × <Money value={line.unit_price} />
            </p>
          </div>
          <Money value={line.total} className="text-right font-medium" />
        </li>
      ))}
    </ul>
  );
}
