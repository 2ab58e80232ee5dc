/** What the seller is told when a product is saved, and the way to see it as customers do. */
import type { Product } from "@carat/api-client";
import { dismissToast, toast } from "@carat/ui";

/** The product's page in the storefront. */
export function shopAddress(slug: string): string {
  return `/products/${slug}`;
}

export function savedMessage(
  { slug, status }: Pick<Product, "slug" | "status">,
  done: "Created" | "Saved",
): Parameters<typeof toast>[0] {
  if (status !== "active") return { message: `${done}. Only you see it.` };
  return {
    message: `${done}.`,
    action: { label: "See it in the shop", onAction: () => window.location.assign(shopAddress(slug)) },
  };
}

let said: number | undefined;

/** Says it, in the place of what was said at the saving before. */
export function saySaved(product: Product, done: "Created" | "Saved") {
  if (said !== undefined) dismissToast(said);
  said = toast(savedMessage(product, done));
}
