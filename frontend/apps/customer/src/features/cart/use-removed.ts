/** The line that was taken out last, and the way to bring it back. */
import type { CartLine } from "@carat/api-client";
import { useState } from "react";
import type { useCart } from "./use-cart";

export type Removed = ReturnType<typeof useRemoved>;

export function useRemoved(cart: ReturnType<typeof useCart>) {
  const [last, setLast] = useState<CartLine>();
  return {
    last,
    remove: (line: CartLine) => {
      setLast(line);
      cart.remove(line.id);
    },
    undo: () => {
      if (last) cart.add(last, last.quantity);
      setLast(undefined);
    },
  };
}
