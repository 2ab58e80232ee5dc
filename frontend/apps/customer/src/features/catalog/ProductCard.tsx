/** One piece in a grid: its picture, name, maker and price, and whether it can still be had. */
import type { Product } from "@carat/api-client";
import { Badge, Picture, Skeleton } from "@carat/ui";
import { Link } from "@tanstack/react-router";
import { Price } from "./Price";

export const gridClass = "grid grid-cols-2 gap-x-4 gap-y-10 sm:gap-x-6 lg:grid-cols-3 xl:grid-cols-4";
export const gridSizes = "(min-width: 1280px) 300px, (min-width: 1024px) 30vw, 46vw";

interface Props {
  product: Product;
  sizes?: string;
  priority?: boolean;
  heading?: "h2" | "h3";
}

export function ProductCard({ product, sizes = gridSizes, priority, heading: Heading = "h3" }: Props) {
  const { slug, title, seller, images, category, in_stock } = product;
  const stock = product.variants.reduce((sum, variant) => sum + variant.stock, 0);
  return (
    <article className="group relative">
      <div className="relative overflow-hidden">
        <Picture
          image={images[0]}
          subject={`${category?.name ?? ""} ${title}`}
          sizes={sizes}
          priority={priority}
          decorative
          className="transition-transform duration-500 ease-settle group-hover:scale-[1.025] motion-reduce:transform-none"
        />
        {!in_stock && <Badge className="absolute top-3 left-3 bg-surface">Sold out</Badge>}
      </div>
      <Heading className="mt-3 text-[0.9375rem] leading-snug font-medium">
        <Link
          to="/products/$slug"
          params={{ slug }}
          className="decoration-1 underline-offset-4 after:absolute after:inset-0 group-hover:underline"
        >
          {title}
        </Link>
      </Heading>
      <p className="text-sm text-muted">{seller.shop_name}</p>
      <p className="mt-1 flex flex-wrap items-baseline gap-x-3 text-[0.9375rem]">
        <Price price={product.price} before={product.compare_at_price} />
        {stock === 1 && <span className="text-sm text-muted">Only one</span>}
      </p>
    </article>
  );
}

function ProductCardSkeleton() {
  return (
    <div>
      <Skeleton className="aspect-square" />
      <Skeleton className="mt-3 h-5 w-3/4" />
      <Skeleton className="mt-1.5 h-4 w-1/2" />
      <Skeleton className="mt-2 h-5 w-1/3" />
    </div>
  );
}

export function ProductGridSkeleton({ count }: { count: number }) {
  return (
    <div className={gridClass} role="status" aria-label="Loading pieces">
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the places of a skeleton are its only identity.
        <ProductCardSkeleton key={index} />
      ))}
    </div>
  );
}
