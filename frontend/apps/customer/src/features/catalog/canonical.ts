/**
 * Addresses with slugs that categories, materials and pieces had before stay good. The page that they lead to moves to the address
 * of now, without a trace in the history.
 */
import type { Category, Material, Product } from "@carat/api-client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import type { ProductFilters } from "./filters";
import { categoriesQuery, materialsQuery, productQuery } from "./queries";
import type { ChangeFilters } from "./use-filters";

type Named = Pick<Category | Material, "slug" | "former_slugs">;

/** The filters with the slugs of now, or none when they have them already. */
export function canonical(
  { category, material }: ProductFilters,
  categories: Named[],
  materials: Named[],
): Partial<ProductFilters> | undefined {
  const now = { category: ofNow(category, categories), material: ofNow(material, materials) };
  const same = String(now.category) === String(category) && String(now.material) === String(material);
  return same ? undefined : now;
}

function ofNow(slugs: string[] | undefined, named: Named[]): string[] | undefined {
  const found = slugs?.map(
    (slug) =>
      (named.some((each) => each.slug === slug)
        ? slug
        : named.find(({ former_slugs }) => former_slugs.includes(slug))?.slug) ?? slug,
  );
  return found && [...new Set(found)];
}

export function useCanonicalFilters(filters: ProductFilters, change: ChangeFilters) {
  const categories = useQuery(categoriesQuery).data;
  const materials = useQuery(materialsQuery).data;
  useEffect(() => {
    const now = categories && materials && canonical(filters, categories, materials);
    if (now) change(now, { replace: true });
  });
}

export function useCanonicalSlug(slug: string, product: Product | undefined) {
  const client = useQueryClient();
  const navigate = useNavigate();
  useEffect(() => {
    if (!product || product.slug === slug) return;
    client.setQueryData(productQuery(product.slug).queryKey, product);
    void navigate({ to: "/products/$slug", params: { slug: product.slug }, replace: true });
  }, [client, navigate, slug, product]);
}
