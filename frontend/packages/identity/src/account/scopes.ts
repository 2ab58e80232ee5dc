/** What an API key may be allowed to do, in words, and who can have it. */
import type { ApiKeyScope } from "../operations";

interface Scope {
  scope: ApiKeyScope;
  text: string;
  sellersOnly?: boolean;
}

const all: Scope[] = [
  { scope: "profile:read", text: "See your profile" },
  { scope: "orders:read", text: "See your orders" },
  { scope: "orders:write", text: "Fill a cart, place orders and cancel them" },
  { scope: "products:read", text: "See your products, drafts too", sellersOnly: true },
  { scope: "products:write", text: "Create and change your products", sellersOnly: true },
  { scope: "sales:read", text: "See what your shop has sold", sellersOnly: true },
];

export function scopesFor(role: string): Scope[] {
  return all.filter(({ sellersOnly }) => !sellersOnly || role === "seller");
}

/** In the middle of a sentence. */
export function scopeText(scope: string): string {
  const text = all.find((each) => each.scope === scope)?.text ?? scope;
  return text.charAt(0).toLowerCase() + text.slice(1);
}
