/** Which cart is this browser's. The id is all that is kept; it opens the cart and nothing else. */
const name = "carat.cart";

export function cartId(): string | undefined {
  try {
    return localStorage.getItem(name) ?? undefined;
  } catch {
    return undefined;
  }
}

export function keepCartId(id: string) {
  localStorage.setItem(name, id);
}

export function forgetCartId() {
  localStorage.removeItem(name);
}
