/** The categories of the shop, each with its drawing. */
import { Skeleton, StandIn } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { categoriesQuery } from "./queries";

export function CategoryTiles() {
  const { data: categories, isPending } = useQuery(categoriesQuery);
  const top = categories?.filter(({ parent_id }) => parent_id === null) ?? [];
  if (!isPending && top.length === 0) return null;
  return (
    <section aria-labelledby="categories" className="shell mt-20 sm:mt-28">
      <h2 id="categories" className="font-display text-title">
        By kind
      </h2>
      <ul className="mt-8 grid grid-cols-2 border-t border-l border-line sm:grid-cols-3 lg:grid-cols-6">
        {isPending &&
          Array.from({ length: 6 }, (_, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the places of a skeleton are its only identity.
            <li key={index} className="border-r border-b border-line p-6">
              <Skeleton className="mx-auto aspect-square w-3/5" />
              <Skeleton className="mx-auto mt-4 h-6 w-1/2" />
            </li>
          ))}
        {top.slice(0, 12).map(({ id, slug, name }) => (
          <li key={id} className="border-r border-b border-line">
            <Link
              to="/products"
              search={{ category: [slug] }}
              className="group flex h-full flex-col items-center gap-4 p-6 transition-colors hover:bg-tile"
            >
              <StandIn
                subject={`${slug} ${name}`}
                className="w-3/5 max-w-28 text-muted transition-colors group-hover:text-accent"
              />
              <span className="font-display text-xl">{name}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
