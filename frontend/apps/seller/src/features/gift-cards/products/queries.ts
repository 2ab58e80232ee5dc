/** How the server is asked for the products that are gift cards, or could be, and told which are. */
import { api, call } from "@carat/api-client";
import { withFreshProof } from "@carat/identity";
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { cardPage } from "../queries";
import type { GiftProductSearch } from "./list-search";

export const giftProductList = ({ of, ...search }: GiftProductSearch) =>
  queryOptions({
    queryKey: ["gift-cards", "products", of ?? "gift-cards", search],
    queryFn: ({ signal }) => {
      const query = { ...search, gift_card: of !== "others", limit: cardPage };
      return call(api.GET("/api/v1/admin/products", { params: { query }, signal }));
    },
    placeholderData: keepPreviousData,
  });

export function useDecideGiftProduct() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, gift_card }: { id: string; gift_card: boolean }) =>
      withFreshProof(() =>
        call(api.PATCH("/api/v1/admin/products/{id}", { params: { path: { id } }, body: { gift_card } })),
      ),
    onSuccess: () => void client.invalidateQueries({ queryKey: ["security-log"] }),
    // Whatever came of it, and whoever else decided meanwhile: the list tells.
    onSettled: () => client.invalidateQueries({ queryKey: ["gift-cards", "products"] }),
  });
}
