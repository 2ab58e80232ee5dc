/** The head of the home page: what this shop is, beside a piece that is for sale now. */
import type { Product } from "@carat/api-client";
import { buttonClass, Money, Picture, Skeleton } from "@carat/ui";
import { Link } from "@tanstack/react-router";

export function Hero({ product, loading }: { product: Product | undefined; loading: boolean }) {
  return (
    <section className="shell grid items-center gap-x-16 gap-y-8 pt-6 sm:pt-10 lg:grid-cols-[5fr_6fr]">
      <div className="max-lg:order-last">
        <h1 className="font-display text-display text-balance">Jewellery from the maker’s own bench</h1>
        <p className="mt-6 max-w-[44ch] text-lg text-muted">
          Rings, chains and stones by independent jewellers, sold by the hands that made them. You see what is
          really in stock, and insured delivery is on the house.
        </p>
        <div className="mt-8 flex flex-wrap gap-3">
          <Link to="/products" className={buttonClass({ size: "large" })}>
            See all pieces
          </Link>
          <a href="#makers" className={buttonClass({ size: "large", variant: "quiet" })}>
            Meet the makers
          </a>
        </div>
      </div>
      {(product || loading) && <Piece product={product} />}
    </section>
  );
}

function Piece({ product }: { product: Product | undefined }) {
  if (!product) {
    return (
      <div>
        <Skeleton className="aspect-square max-lg:aspect-[5/4]" />
        <Skeleton className="mt-3 h-6 w-2/3" />
      </div>
    );
  }
  return (
    <Link to="/products/$slug" params={{ slug: product.slug }} className="group block">
      <Picture
        image={product.images[0]}
        subject={product.title}
        sizes="(min-width: 1024px) 52vw, 94vw"
        priority
        className="max-lg:aspect-[5/4]"
      />
      <p className="mt-3 flex flex-wrap justify-between gap-x-6 text-[0.9375rem]">
        <span className="decoration-1 underline-offset-4 group-hover:underline">
          {product.title}, <span className="text-muted">{product.seller.shop_name}</span>
        </span>
        <Money value={product.price} />
      </p>
    </Link>
  );
}
