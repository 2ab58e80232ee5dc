/** The jewellers behind the newest pieces, each with one of them. */
import type { Product } from "@carat/api-client";
import { Picture } from "@carat/ui";
import { Link } from "@tanstack/react-router";

export function Makers({ products }: { products: Product[] }) {
  const makers = onePieceEach(products);
  if (makers.length === 0) return null;
  return (
    <section
      id="makers"
      aria-labelledby="makers-title"
      className="mt-20 scroll-mt-6 bg-tile py-14 sm:mt-28 sm:py-20"
    >
      <div className="shell">
        <h2 id="makers-title" className="font-display text-title">
          The makers
        </h2>
        <p className="mt-2 max-w-[52ch] text-muted">
          They design, make and send their pieces themselves. Open a name to see all that is on the bench.
        </p>
        <ul className="mt-8 grid gap-x-10 sm:grid-cols-2 lg:grid-cols-3">
          {makers.map(({ seller, images, title }) => (
            <li key={seller.id} className="border-t border-edge/40">
              <Link
                to="/products"
                search={{ seller: seller.id }}
                className="group flex min-h-28 items-center gap-5 py-4"
              >
                <Picture
                  image={images[0]}
                  subject={title}
                  sizes="80px"
                  decorative
                  className="w-20 shrink-0 rounded-full bg-paper"
                />
                <span className="font-display text-[1.375rem] leading-tight decoration-1 underline-offset-4 group-hover:underline">
                  {seller.shop_name}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

function onePieceEach(products: Product[]): Product[] {
  const bySeller = new Map<string, Product>();
  for (const product of products) {
    const known = bySeller.get(product.seller.id);
    if (!known || (known.images.length === 0 && product.images.length > 0))
      bySeller.set(product.seller.id, product);
  }
  return [...bySeller.values()].slice(0, 6);
}
