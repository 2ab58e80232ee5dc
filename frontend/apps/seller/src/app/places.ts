/** The places of the app, for its navigation, the palette and the shortcuts. */
import { Gem, type LucideIcon, ReceiptText, Sunrise } from "lucide-react";

export interface Place {
  to: "/" | "/products" | "/orders";
  name: string;
  icon: LucideIcon;
  /** After `g`. */
  key: string;
}

export const places: Place[] = [
  { to: "/", name: "Today", icon: Sunrise, key: "t" },
  { to: "/products", name: "Products", icon: Gem, key: "p" },
  { to: "/orders", name: "Orders", icon: ReceiptText, key: "o" },
];
