/** The filters in force, each to be taken off by a click. */
import { formatMoney } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { type ProductFilters, toggled } from "./filters";
import { categoriesQuery, materialsQuery, sellerQuery } from "./queries";
import type { ChangeFilters } from "./use-filters";

interface Props {
  filters: ProductFilters;
  change: ChangeFilters;
  clear: () => void;
  currency: string;
}

export function FilterChips({ filters, change, clear, currency }: Props) {
  const categories = useQuery(categoriesQuery).data;
  const materials = useQuery(materialsQuery).data;
  const seller = useQuery({
    ...sellerQuery(filters.seller ?? ""),
    enabled: filters.seller !== undefined,
  }).data;

  const chips: { key: string; label: string; without: Partial<ProductFilters> }[] = [];
  if (filters.q) chips.push({ key: "q", label: `“${filters.q}”`, without: { q: undefined } });
  if (filters.seller) {
    chips.push({ key: "seller", label: seller?.shop_name ?? "One maker", without: { seller: undefined } });
  }
  for (const slug of filters.category ?? []) {
    const label = categories?.find((each) => each.slug === slug)?.name ?? slug;
    chips.push({ key: `category ${slug}`, label, without: { category: toggled(filters.category, slug) } });
  }
  for (const slug of filters.material ?? []) {
    const label = materials?.find((each) => each.slug === slug)?.name ?? slug;
    chips.push({ key: `material ${slug}`, label, without: { material: toggled(filters.material, slug) } });
  }
  const range = priceRange(filters, currency);
  if (range)
    chips.push({ key: "price", label: range, without: { price_min: undefined, price_max: undefined } });
  if (filters.in_stock) chips.push({ key: "stock", label: "In stock", without: { in_stock: undefined } });

  if (chips.length === 0) return null;
  return (
    <ul aria-label="Filters in force" className="flex flex-wrap items-center gap-2">
      {chips.map(({ key, label, without }) => (
        <li key={key}>
          <button
            type="button"
            onClick={() => change(without)}
            className="inline-flex min-h-11 items-center gap-2 rounded-full border border-edge px-4 text-sm transition-colors hover:border-ink hover:bg-tile"
          >
            <span className="sr-only">Remove filter </span>
            {label}
            <X aria-hidden="true" size={14} />
          </button>
        </li>
      ))}
      {chips.length > 1 && (
        <li>
          <button
            type="button"
            onClick={clear}
            className="min-h-11 px-2 text-sm underline underline-offset-4"
          >
            Clear all
          </button>
        </li>
      )}
    </ul>
  );
}

function priceRange({ price_min, price_max }: ProductFilters, currency: string): string | undefined {
  const money = (amount: number) => formatMoney({ amount, currency });
  if (price_min !== undefined && price_max !== undefined) return `${money(price_min)} to ${money(price_max)}`;
  if (price_min !== undefined) return `From ${money(price_min)}`;
  if (price_max !== undefined) return `Up to ${money(price_max)}`;
  return undefined;
}
