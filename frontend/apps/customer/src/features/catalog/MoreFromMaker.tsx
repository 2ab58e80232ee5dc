/** Other pieces by the same jeweller. */
import type { Product } from "@carat/api-client";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { gridClass, ProductCard } from "./ProductCard";
import { piecesBySeller } from "./queries";

export function MoreFromMaker({ product }: { product: Product }) {
  const { seller } = product;
  const { data } = useQuery(piecesBySeller(seller.id));
  const others = data?.data.filter(({ id }) => id !== product.id).slice(0, 4) ?? [];
  if (others.length === 0) return null;
  return (
    <section aria-labelledby="more" className="shell mt-20 border-t border-line pt-10 sm:mt-28">
      <div className="mb-8 flex flex-wrap items-baseline justify-between gap-x-6">
        <h2 id="more" className="font-display text-title">
          More by {seller.shop_name}
        </h2>
        <Link
          to="/products"
          search={{ seller: seller.id }}
          className="inline-flex min-h-11 items-center underline decoration-1 underline-offset-8"
        >
          See all
        </Link>
      </div>
      <div className={gridClass}>
        {others.map((each) => (
          <ProductCard key={each.id} product={each} />
        ))}
      </div>
    </section>
  );
}
