/** Tells the server one change of the cart, and makes a cart where there is none yet or where the old one has been ordered. */
import { api, type Cart, call, type Gift, toProblem } from "@carat/api-client";
import { cartId, keepCartId } from "./cart-id";
import type { CartChange } from "./changes";

export async function sendChange(change: CartChange): Promise<Cart> {
  if (change.kind === "add") {
    return addLine(change.piece.variant_id, change.quantity, change.piece.gift);
  }
  const params = { path: { id: cartId() ?? "", line_id: change.lineId } };
  if (change.kind === "remove") return call(api.DELETE("/api/v1/carts/{id}/lines/{line_id}", { params }));
  const body = { quantity: change.quantity };
  return call(api.PATCH("/api/v1/carts/{id}/lines/{line_id}", { params, body }));
}

export async function addLine(variantId: string, quantity: number, gift: Gift | null = null): Promise<Cart> {
  const add = (cart: string) =>
    call(
      api.POST("/api/v1/carts/{id}/lines", {
        params: { path: { id: cart } },
        body: { variant_id: variantId, quantity, ...(gift && { gift }) },
      }),
    );
  const id = cartId();
  if (id) {
    try {
      return await add(id);
    } catch (error) {
      if (!["cart-not-found", "cart-checked-out"].includes(toProblem(error).code)) throw error;
    }
  }
  const cart = await call(api.POST("/api/v1/carts", { body: {} }));
  keepCartId(cart.id);
  return add(cart.id);
}
