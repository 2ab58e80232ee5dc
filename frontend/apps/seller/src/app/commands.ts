/** What the palette offers for a text: places and actions whose name or other names begin one of its words so, then what was found. */
import type { AdminUser, Product, User } from "@carat/api-client";

export interface Command {
  name: string;
  /** An address of this app, or outside of it. */
  to: string;
  note: string;
  outside?: boolean;
}

type Fixed = Command & { also?: string };

const today: Fixed = { name: "Today", to: "/", note: "Page", also: "dashboard home overview" };
const ofEverybody: Fixed[] = [
  { name: "Your account", to: "/account", note: "Page", also: "profile name password e-mail settings" },
  {
    name: "Security",
    to: "/account/security",
    note: "Page",
    also: "your account passkeys sessions two-factor authenticator",
  },
  { name: "API keys", to: "/account/api-keys", note: "Page", also: "your account tokens" },
  { name: "Shortcuts", to: "shortcuts", note: "Help", also: "keyboard keys" },
  { name: "View the shop", to: "/", note: "Storefront", outside: true },
];

const fixed: Record<User["role"], Fixed[]> = {
  customer: [],
  seller: [
    today,
    { name: "Products", to: "/products", note: "Page", also: "catalogue pieces" },
    { name: "Orders", to: "/orders", note: "Page", also: "sales" },
    { name: "New product", to: "/products/new", note: "Action", also: "add create" },
    { name: "Drafts", to: "/products?status=draft", note: "List", also: "products" },
    { name: "Archived products", to: "/products?status=archived", note: "List" },
    { name: "Paid orders", to: "/orders?status=paid", note: "List" },
    { name: "Orders awaiting payment", to: "/orders?status=pending_payment", note: "List", also: "pending" },
    ...ofEverybody,
  ],
  admin: [
    today,
    { name: "Users", to: "/users", note: "Page", also: "accounts people" },
    { name: "All orders", to: "/all-orders", note: "Page", also: "sales refunds money back" },
    { name: "Payments", to: "/payments", note: "Page", also: "money reviews" },
    { name: "Gift cards", to: "/gift-cards", note: "Page", also: "codes vouchers" },
    { name: "Batches of gift cards", to: "/gift-cards/batches", note: "Page", also: "codes csv download" },
    { name: "Gift cards on sale", to: "/gift-cards/products", note: "Page", also: "products vouchers buy" },
    { name: "Catalogue", to: "/catalogue", note: "Page", also: "categories materials tree merge rename" },
    { name: "Security log", to: "/security-log", note: "Page", also: "audit events" },
    { name: "Register users", to: "/users/register", note: "Action", also: "add create bulk import csv" },
    {
      name: "Issue gift cards",
      to: "/gift-cards/issue",
      note: "Action",
      also: "add create new codes vouchers",
    },
    { name: "Sellers", to: "/users?role=seller", note: "List", also: "users shops" },
    { name: "Administrators", to: "/users?role=admin", note: "List", also: "users admins" },
    { name: "Disabled users", to: "/users?status=disabled", note: "List" },
    { name: "Held payments", to: "/payments?status=held", note: "List", also: "review suspicious" },
    { name: "Disabled gift cards", to: "/gift-cards?status=disabled", note: "List" },
    { name: "Failed sign-ins", to: "/security-log?kind=login_failed", note: "List", also: "security log" },
    ...ofEverybody,
  ],
};

interface Found {
  products?: Pick<Product, "id" | "title" | "status">[];
  users?: Pick<AdminUser, "id" | "name" | "email">[];
}

export function commandsFor(
  role: User["role"],
  text: string,
  { products = [], users = [] }: Found,
): Command[] {
  const wanted = text.trim().toLowerCase().split(/\s+/);
  const matching = fixed[role].filter(({ name, also = "" }) => {
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
    ...users.map(({ id, name, email }) => ({
      name: name || email,
      to: `/users/${id}`,
      note: name ? email : "User",
    })),
  ];
}
