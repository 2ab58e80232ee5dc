/** What the palette offers for a text: places and actions whose name or other names begin one of its words so, then products. */
import type { Product } from "@carat/api-client";

export interface Command {
  name: string;
  /** An address of this app, or outside of it. */
  to: string;
  note: string;
  outside?: boolean;
}

const fixed: (Command & { also?: string })[] = [
  { name: "Today", to: "/", note: "Page", also: "dashboard home overview" },
  { name: "Products", to: "/products", note: "Page", also: "catalogue pieces" },
  { name: "Orders", to: "/orders", note: "Page", also: "sales" },
  { name: "New product", to: "/products/new", note: "Action", also: "add create" },
  { name: "Drafts", to: "/products?status=draft", note: "List", also: "products" },
  { name: "Archived products", to: "/products?status=archived", note: "List" },
  { name: "Paid orders", to: "/orders?status=paid", note: "List" },
  { name: "Orders awaiting payment", to: "/orders?status=pending_payment", note: "List", also: "pending" },
  { name: "Shortcuts", to: "shortcuts", note: "Help", also: "keyboard keys" },
  { name: "View the shop", to: "/", note: "Storefront", outside: true },
];

export function commandsFor(text: string, products: Pick<Product, "id" | "title" | "status">[]): Command[] {
  const wanted = text.trim().toLowerCase().split(/\s+/);
  const matching = fixed.filter(({ name, also = "" }) => {
    const words = `${name} ${also}`.toLowerCase().split(" ");
    return wanted.every((start) => words.some((word) => word.startsWith(start)));
  });
  const begins = ({ name }: Command) => name.toLowerCase().startsWith(wanted[0] ?? "");
  matching.sort((a, b) => Number(begins(b)) - Number(begins(a)));
  return [
    ...matching.map(({ also: _, ...command }) => command),
    ...products.map(({ id, title, status }) => ({
      name: title,
      to: `/products/${id}`,
      note: status === "active" ? "Product" : `Product, ${status}`,
    })),
  ];
}
