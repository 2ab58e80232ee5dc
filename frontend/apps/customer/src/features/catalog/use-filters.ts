/**
 * The filters of the page and the way to change them. A change shows at once, while the URL and the list follow in a transition.
 */
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { startTransition, useOptimistic } from "react";
import { compact, type ProductFilters } from "./filters";

const route = getRouteApi("/products");

export function useFilters() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const [filters, show] = useOptimistic<ProductFilters>(search);

  const change = (changes: Partial<ProductFilters>, { replace = false } = {}) => {
    const next = compact({ ...filters, ...changes });
    startTransition(async () => {
      show(next);
      await navigate({ to: "/products", search: next, replace, resetScroll: false });
    });
  };

  const clear = () => change(Object.fromEntries(Object.keys(filters).map((key) => [key, undefined])));

  return { filters, change, clear };
}

export type ChangeFilters = ReturnType<typeof useFilters>["change"];
