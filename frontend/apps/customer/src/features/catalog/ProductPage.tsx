/** One piece: its pictures, what it is made of, who made it, and the way to have it. */
import { type Product, toProblem } from "@carat/api-client";
import { ErrorState, Skeleton } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { NotFoundPage } from "../../app/NotFoundPage";
import { usePageTitle } from "../../app/page-title";
import { BuyBox } from "./BuyBox";
import { useCanonicalSlug } from "./canonical";
import { Description } from "./description/Description";
import { Gallery } from "./Gallery";
import { MoreFromMaker } from "./MoreFromMaker";
import { productQuery } from "./queries";

const route = getRouteApi("/products/$slug");

export function ProductPage() {
  const { slug } = route.useParams();
  const { data: product, error, refetch } = useQuery(productQuery(slug));
  usePageTitle(product?.title);
  useCanonicalSlug(slug, product);

  if (product) return <Piece key={product.id} product={product} />;
  if (!error) return <ProductSkeleton />;
  const problem = toProblem(error);
  if (problem.status === 404) return <NotFoundPage what="piece" />;
  return (
    <ErrorState message={problem.message} requestId={problem.requestId} onRetry={() => void refetch()} />
  );
}

const layout = "shell grid gap-x-14 gap-y-8 pt-4 sm:pt-8 lg:grid-cols-[7fr_5fr] xl:gap-x-20";

function Piece({ product }: { product: Product }) {
  return (
    <>
      <div className={layout}>
        <Gallery product={product} />
        <div className="lg:sticky lg:top-8 lg:self-start">
          <Breadcrumbs product={product} />
          <h1 className="mt-2 font-display text-title text-balance">{product.title}</h1>
          <p className="mt-2">
            <span className="text-muted">By </span>
            <Link
              to="/products"
              search={{ seller: product.seller.id }}
              className="underline underline-offset-4"
            >
              {product.seller.shop_name}
            </Link>
          </p>
          <BuyBox product={product} />
          <Details product={product} />
        </div>
      </div>
      <MoreFromMaker product={product} />
    </>
  );
}

function Breadcrumbs({ product: { category } }: { product: Product }) {
  const link = "inline-flex min-h-8 items-center underline-offset-4 hover:underline";
  return (
    <nav aria-label="Where this is" className="flex flex-wrap gap-x-2 text-sm text-muted">
      <Link to="/products" className={link}>
        All pieces
      </Link>
      {category && (
        <>
          <span aria-hidden="true" className="inline-flex items-center">
            /
          </span>
          <Link to="/products" search={{ category: [category.slug] }} className={link}>
            {category.name}
          </Link>
        </>
      )}
    </nav>
  );
}

function Details({ product }: { product: Product }) {
  return (
    <div className="mt-8 border-t border-line pt-6">
      {product.description && (
        <section aria-label="Description">
          <Description html={product.description} />
        </section>
      )}
      {product.materials.length > 0 && (
        <section aria-label="Materials" className="mt-6">
          <h2 className="text-sm text-muted">Made of</h2>
          <ul className="mt-1 flex flex-wrap gap-2">
            {product.materials.map(({ id, slug, name }) => (
              <li key={id}>
                <Link
                  to="/products"
                  search={{ material: [slug] }}
                  className="inline-flex min-h-11 items-center rounded-full border border-edge px-4 text-sm transition-colors hover:border-ink hover:bg-tile"
                >
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        </section>
      )}
      <ul className="mt-6 border-t border-line pt-6 text-[0.9375rem] text-muted">
        <li>Insured delivery, on the house</li>
        <li>Price includes tax</li>
        <li>Set aside for you for 30 minutes while you pay</li>
      </ul>
    </div>
  );
}

function ProductSkeleton() {
  return (
    <div className={layout} role="status" aria-label="Loading the piece">
      <Skeleton className="aspect-square" />
      <div>
        <Skeleton className="h-5 w-1/3" />
        <Skeleton className="mt-4 h-10 w-5/6" />
        <Skeleton className="mt-4 h-6 w-1/3" />
        <Skeleton className="mt-8 h-8 w-1/4" />
        <Skeleton className="mt-8 h-13 w-full" />
        <Skeleton className="mt-10 h-40 w-full" />
      </div>
    </div>
  );
}
