/** The shop window: one piece in the light, what is new, the categories, and the people who make it all. */
import { type Product, toProblem } from "@carat/api-client";
import { buttonClass, EmptyState, ErrorState } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { usePageTitle } from "../../app/page-title";
import { CategoryTiles } from "./CategoryTiles";
import { Hero } from "./Hero";
import { Makers } from "./Makers";
import { gridClass, ProductCard, ProductGridSkeleton } from "./ProductCard";
import { newestProducts } from "./queries";

export function HomePage() {
  usePageTitle("");
  const { data, error, refetch } = useQuery(newestProducts);
  const products = data?.data;
  return (
    <>
      <Hero product={products && heroOf(products)} loading={!products && !error} />
      <section aria-labelledby="new" className="shell mt-16 sm:mt-24">
        <div className="mb-8 flex flex-wrap items-baseline justify-between gap-x-6 gap-y-2">
          <h2 id="new" className="font-display text-title">
            New from the bench
          </h2>
          <Link
            to="/products"
            className="inline-flex min-h-11 items-center underline decoration-1 underline-offset-8"
          >
            See all pieces
          </Link>
        </div>
        {products ? (
          <NewPieces products={products} />
        ) : error ? (
          <ErrorState
            requestId={toProblem(error).requestId}
            message={toProblem(error).message}
            onRetry={() => void refetch()}
          />
        ) : (
          <ProductGridSkeleton count={8} />
        )}
      </section>
      <CategoryTiles />
      {products && <Makers products={products} />}
    </>
  );
}

function NewPieces({ products }: { products: Product[] }) {
  if (products.length === 0) {
    return (
      <EmptyState
        title="The window is being dressed"
        action={
          <Link to="/about" className={buttonClass({ variant: "secondary" })}>
            How we sell
          </Link>
        }
      >
        The first pieces will be here soon.
      </EmptyState>
    );
  }
  return (
    <div className={gridClass}>
      {products
        .filter((product) => product !== heroOf(products))
        .slice(0, 8)
        .map((product) => (
          <ProductCard key={product.id} product={product} />
        ))}
    </div>
  );
}

/** The piece in the light: the newest that can be had and has a picture. */
function heroOf(products: Product[]): Product | undefined {
  return products.find(({ images, in_stock }) => images.length > 0 && in_stock);
}
