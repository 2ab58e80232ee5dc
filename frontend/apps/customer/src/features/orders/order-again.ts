/** Puts the pieces of a former order into the cart, as far as they can still be had. */
import { type Order, toProblem } from "@carat/api-client";
import type { QueryClient } from "@tanstack/react-query";
import { addLine } from "../cart/send-change";
import { cartQuery } from "../cart/use-cart";

export async function orderAgain(client: QueryClient, { lines }: Order): Promise<{ missing: string[] }> {
  const missing: string[] = [];
  for (const { variant_id, quantity, title, gift } of lines) {
    if (gift) {
      // A gift is for somebody, on a day: it is not given again unasked.
      missing.push(title);
      continue;
    }
    try {
      client.setQueryData(cartQuery.queryKey, await addLine(variant_id, quantity));
    } catch (error) {
      if (toProblem(error).isTemporary) throw error;
      missing.push(title);
    }
  }
  return { missing };
}
