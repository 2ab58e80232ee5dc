/** The customer's addresses, asked for and changed. */
import { api, call, type User } from "@carat/api-client";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { AddressForm } from "./schema";

const list = () => call(api.GET("/api/v1/users/me/addresses"));

export type Address = Awaited<ReturnType<typeof list>>["data"][number];

export const addressesQuery = queryOptions({
  queryKey: ["account", "addresses"],
  queryFn: async () => (await list()).data,
});

/** The addresses of whoever is signed in; a guest has none. */
export const addressesOf = (user: User | undefined) => ({ ...addressesQuery, enabled: user !== undefined });

/** What its form shows of an address. */
export function formOf(address: Address): AddressForm {
  const { name, line1, line2, postal_code, city, region, country } = address;
  return {
    ...{ name, line1, postal_code, city, country, default: address.default },
    ...{ line2: line2 ?? "", region: region ?? "" },
  };
}

const path = (id: string) => ({ params: { path: { id } } });

export function useSaveAddress(id: string | undefined) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ line2, region, ...form }: AddressForm) => {
      const body = { ...form, line2: line2 || null, region: region || null };
      return id === undefined
        ? call(api.POST("/api/v1/users/me/addresses", { body }))
        : call(api.PUT("/api/v1/users/me/addresses/{id}", { ...path(id), body }));
    },
    onSuccess: refresh,
  });
}

export function useMakeDefault() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ id, name, line1, line2, city, postal_code, region, country }: Address) =>
      call(
        api.PUT("/api/v1/users/me/addresses/{id}", {
          ...path(id),
          body: { name, line1, line2, city, postal_code, region, country, default: true },
        }),
      ),
    onSettled: refresh,
  });
}

export function useDeleteAddress() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ id }: Address) => call(api.DELETE("/api/v1/users/me/addresses/{id}", path(id))),
    onSettled: refresh,
  });
}

function useRefresh() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: addressesQuery.queryKey });
}
