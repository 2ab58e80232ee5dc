/** Changes the pictures of a product where the pages look for it; without a change it is asked for anew. */
import type { Image } from "@carat/api-client";
import { useQueryClient } from "@tanstack/react-query";
import { productQuery, productsInLists } from "../queries";

export function useKeepPictures(product: string) {
  const client = useQueryClient();
  const { queryKey } = productQuery(product);
  return (change?: (images: Image[]) => Image[]) => {
    if (!change) return void client.invalidateQueries({ queryKey });
    client.setQueryData(queryKey, (known) => known && { ...known, images: change(known.images) });
    void client.invalidateQueries({ queryKey: productsInLists });
  };
}
