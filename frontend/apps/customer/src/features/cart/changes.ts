/**
 * What a visitor does to the cart, and what the cart will look like when the server has done it too. The cart on screen is
 * always the server's last word with the changes that are still under way laid over it; a change that fails takes itself back.
 */
import type { Cart, CartLine, Gift, Product, Variant } from "@carat/api-client";

/** What can be put into a cart: a line without its own state. */
export type Piece = Omit<CartLine, "id" | "quantity" | "total" | "available">;

export type CartChange =
  | { kind: "add"; piece: Piece; quantity: number }
  | { kind: "set"; lineId: string; quantity: number }
  | { kind: "remove"; lineId: string };

export function pieceOf(product: Product, variant: Variant, gift: Gift | null = null): Piece {
  return {
    product_id: product.id,
    product_slug: product.slug,
    variant_id: variant.id,
    sku: variant.sku,
    title: product.title,
    options: variant.options,
    image: product.images[0] ?? null,
    seller: product.seller,
    unit_price: variant.price,
    stock: variant.stock,
    gift,
  };
}

/** The cart with all the changes in it. Without a cart and without additions there is none. */
export function withChanges(cart: Cart | null, changes: CartChange[]): Cart | null {
  return changes.reduce(withChange, cart);
}

/** Whether a later change makes this one pointless: then it need not be sent. */
export function isSuperseded(change: CartChange, later: CartChange[]): boolean {
  if (change.kind !== "set") return false;
  return later.some((each) => each.kind !== "add" && each.lineId === change.lineId);
}

function withChange(cart: Cart | null, change: CartChange): Cart | null {
  if (change.kind === "add") return withAddition(cart ?? emptyCart(change.piece.unit_price.currency), change);
  if (!cart) return null;
  if (change.kind === "remove")
    return withLines(
      cart,
      cart.lines.filter(({ id }) => id !== change.lineId),
    );
  return withLines(
    cart,
    cart.lines.map((line) => (line.id === change.lineId ? withQuantity(line, change.quantity) : line)),
  );
}

function withAddition(cart: Cart, { piece, quantity }: CartChange & { kind: "add" }): Cart {
  // Gift cards for several people are several lines.
  const words = JSON.stringify(piece.gift);
  const present = cart.lines.find(
    (line) => line.variant_id === piece.variant_id && JSON.stringify(line.gift) === words,
  );
  const line = present ?? {
    ...piece,
    id: `new:${piece.variant_id}:${words}`,
    quantity: 0,
    total: piece.unit_price,
    available: true,
  };
  const more = withQuantity(line, line.quantity + quantity);
  return withLines(
    cart,
    present ? cart.lines.map((each) => (each === present ? more : each)) : [...cart.lines, more],
  );
}

function withQuantity(line: CartLine, quantity: number): CartLine {
  return {
    ...line,
    quantity,
    total: { ...line.unit_price, amount: line.unit_price.amount * quantity },
    available: line.stock >= quantity,
  };
}

function withLines(cart: Cart, lines: CartLine[]): Cart {
  const sum = {
    amount: lines.reduce((total, line) => total + line.total.amount, 0),
    currency: cart.currency,
  };
  return { ...cart, lines, subtotal: sum, total: sum };
}

function emptyCart(currency: string): Cart {
  const none = { amount: 0, currency };
  return {
    id: "new",
    status: "open",
    order_id: null,
    currency,
    lines: [],
    subtotal: none,
    total: none,
    created_at: "",
    updated_at: "",
  };
}
