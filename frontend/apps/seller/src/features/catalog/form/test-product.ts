/** A product for the tests: a ring in two sizes, the second with a price of its own. */
import type { Product } from "@carat/api-client";

export const ring: Product = {
  id: "p1",
  slug: "aurore",
  title: "Aurore",
  description: "<p>One round brilliant.</p>",
  price: { amount: 489000, currency: "EUR" },
  compare_at_price: null,
  seller: { id: "s1", shop_name: "Maison Aurélie" },
  category: { id: "c1", slug: "rings", name: "Rings" },
  materials: [{ id: "m1", slug: "yellow-gold", name: "Yellow gold" }],
  images: [],
  option_names: ["Ring size"],
  variants: [
    {
      id: "v50",
      sku: "A-50",
      options: { "Ring size": "50" },
      price: { amount: 489000, currency: "EUR" },
      stock: 2,
    },
    {
      id: "v52",
      sku: "A-52",
      options: { "Ring size": "52" },
      price: { amount: 495000, currency: "EUR" },
      stock: 0,
    },
  ],
  in_stock: true,
  rating: null,
  status: "active",
  gift_card: false,
  created_at: "2026-11-01T10:00:00Z",
  updated_at: "2026-11-02T10:00:00Z",
};
