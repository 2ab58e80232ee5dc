/** Short lists of products that want something done: more pieces made, or a draft finished. */
import type { Product } from "@carat/api-client";
import { Badge, Picture, Skeleton, type Tone } from "@carat/ui";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { formatDay } from "../../app/dates";
import { type Shortage, type StockLevel, totalStock, variantName } from "../catalog/stock";

const most = 6;
const words: Record<StockLevel, string> = { "sold-out": "Sold out", low: "Low", good: "Partly out" };
const tones: Record<StockLevel, Tone> = { "sold-out": "danger", low: "warning", good: "neutral" };

export function ShortageList({ shortages }: { shortages: Shortage[] | undefined }) {
  if (!shortages) return <Skeleton className="h-40" />;
  if (shortages.length === 0) return <p className="py-2 text-muted">Every piece on sale is well in stock.</p>;
  return (
    <>
      <ul className="divide-y divide-line">
        {shortages.slice(0, most).map((shortage) => (
          <ProductItem
            key={shortage.product.id}
            product={shortage.product}
            note={shortageNote(shortage)}
            aside={<Badge tone={tones[shortage.level]}>{words[shortage.level]}</Badge>}
          />
        ))}
      </ul>
      {shortages.length > most && (
        <p className="pt-2 text-sm text-muted">
          and {shortages.length - most} more, see{" "}
          <Link to="/products" search={{ status: "active" }} className="underline underline-offset-4">
            all on sale
          </Link>
        </p>
      )}
    </>
  );
}

/** "2 left", and which variants there are none of. */
function shortageNote({ product, level, soldOut }: Shortage): string {
  if (level === "sold-out") return "None left";
  const names = soldOut.slice(0, 4).map(({ options }) => variantName(options));
  const out = names.length > 0 ? `none in ${names.join(", ")}${soldOut.length > 4 ? " and others" : ""}` : "";
  return [`${totalStock(product)} left`, out].filter(Boolean).join(", ");
}

export function DraftList({ products }: { products: Product[] }) {
  return (
    <ul className="divide-y divide-line">
      {products.slice(0, most).map((product) => (
        <ProductItem
          key={product.id}
          product={product}
          note={`Last changed ${formatDay(product.updated_at)}`}
        />
      ))}
    </ul>
  );
}

function ProductItem({ product, note, aside }: { product: Product; note: string; aside?: ReactNode }) {
  const { id, title, images, category } = product;
  return (
    <li className="relative flex items-center gap-3 py-2">
      <Picture
        image={images[0]}
        subject={category?.name ?? title}
        sizes="48px"
        decorative
        className="w-12 shrink-0 rounded-sm"
      />
      <p className="min-w-0 flex-1">
        <Link
          to="/products/$id"
          params={{ id }}
          className="block truncate font-medium underline-offset-4 after:absolute after:inset-0 hover:underline"
        >
          {title}
        </Link>
        <span className="block text-[0.8125rem] leading-5 text-muted">{note}</span>
      </p>
      {aside}
    </li>
  );
}
