/**
 * What products are put into and made of, and what the server is told about it. Categories and materials are arranged in the same
 * way; only categories stand below each other.
 */
import { api, type Category, call, type Material } from "@carat/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { categoriesQuery, materialsQuery } from "../queries";

export type Kind = "category" | "material";
export type Place = Category | Material;

export interface Wish {
  name: string;
  slug?: string;
  parent_id?: string | null;
}

export const words: Record<Kind, { one: string; many: string; inside: string }> = {
  category: { one: "category", many: "Categories", inside: "in it" },
  material: { one: "material", many: "Materials", inside: "made of it" },
};

export function parentOf(place: Place): string | null {
  return "parent_id" in place ? place.parent_id : null;
}

/** The places of a tree in its order, each with its depth. Materials have no depth. */
export function inOrder<Item extends Place>(
  places: Item[],
  parent: string | null = null,
  depth = 0,
): { place: Item; depth: number }[] {
  return places
    .filter((place) => parentOf(place) === parent)
    .flatMap((place) => [{ place, depth }, ...inOrder(places, place.id, depth + 1)]);
}

/** It and all that is below it: where it can't be put. */
export function withBelow(places: Place[], id: string): Set<string> {
  const below = inOrder(places, id).map(({ place }) => place.id);
  return new Set([id, ...below]);
}

export function useArrange(kind: Kind) {
  const client = useQueryClient();
  const onSuccess = () => {
    const { queryKey } = kind === "category" ? categoriesQuery : materialsQuery;
    void client.invalidateQueries({ queryKey: ["products"] });
    return client.invalidateQueries({ queryKey });
  };
  const create = useMutation({
    mutationFn: (wish: Wish): Promise<Place> => createPlace(kind, wish),
    onSuccess,
  });
  const change = useMutation({
    mutationFn: ({ id, wish: body }: { id: string; wish: Wish }): Promise<Place> => {
      const params = { path: { id } };
      return kind === "category"
        ? call(api.PATCH("/api/v1/admin/categories/{id}", { params, body }))
        : call(api.PATCH("/api/v1/admin/materials/{id}", { params, body }));
    },
    onSuccess,
  });
  const merge = useMutation({
    mutationFn: ({ id, into }: { id: string; into: string }): Promise<Place> => {
      const options = { params: { path: { id } }, body: { into } };
      return kind === "category"
        ? call(api.POST("/api/v1/admin/categories/{id}/merge", options))
        : call(api.POST("/api/v1/admin/materials/{id}/merge", options));
    },
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: (id: string) => {
      const params = { path: { id } };
      return kind === "category"
        ? call(api.DELETE("/api/v1/admin/categories/{id}", { params }))
        : call(api.DELETE("/api/v1/admin/materials/{id}", { params }));
    },
    onSuccess,
  });
  return { create, change, merge, remove };
}

function createPlace(kind: Kind, { name, parent_id }: Wish): Promise<Place> {
  return kind === "category"
    ? call(api.POST("/api/v1/categories", { body: { name, parent_id: parent_id ?? null } }))
    : call(api.POST("/api/v1/materials", { body: { name } }));
}
