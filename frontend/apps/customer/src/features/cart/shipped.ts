/** Whether anything of a cart goes anywhere: gift cards are mailed. */
import type { Cart } from "@carat/api-client";

export function isShipped({ lines }: Pick<Cart, "lines">): boolean {
  return lines.some(({ gift }) => !gift);
}
