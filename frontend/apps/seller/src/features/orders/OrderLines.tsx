/** The lines of an order: to a seller their own, each leading to its product; to an admin all, each with its seller. */
import type { OrderLine } from "@carat/api-client";
import { Money, Picture } from "@carat/ui";
import { Link } from "@tanstack/react-router";
import { variantName } from "../catalog/stock";
import type { Giver } from "./refunds";

export function OrderLines({ lines, by }: { lines: OrderLine[]; by: Giver }) {
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
            {by === "seller" ? (
              <Link
                to="/products/$id"
                params={{ id: line.product_id }}
                className="font-medium underline-offset-4 hover:underline"
              >
                {line.title}
              </Link>
            ) : (
              <span className="font-medium">{line.title}</span>
            )}
            <p className="text-sm text-muted">
              {[variantName(line.options), line.sku, by === "admin" && line.seller.shop_name]
                .filter(Boolean)
                .join(" · ")}
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
