/** The places of the app, for its navigation, the palette and the shortcuts. Each role has its own. */
import type { User } from "@carat/api-client";
import {
  CreditCard,
  FolderTree,
  Gem,
  Gift,
  HandCoins,
  type LucideIcon,
  ReceiptText,
  Scale,
  ScrollText,
  Sunrise,
  UserRound,
  UsersRound,
  Webhook,
} from "lucide-react";

export interface Place {
  to:
    | "/"
    | "/products"
    | "/orders"
    | "/statement"
    | "/users"
    | "/all-orders"
    | "/payments"
    | "/gift-cards"
    | "/payouts"
    | "/catalogue"
    | "/security-log"
    | "/webhooks"
    | "/account";
  name: string;
  icon: LucideIcon;
  /** After `g`. */
  key: string;
}

const today: Place = { to: "/", name: "Today", icon: Sunrise, key: "t" };

const webhooks: Place = { to: "/webhooks", name: "Webhooks", icon: Webhook, key: "w" };

/** One's own account, which everybody has. It stands apart from the others. */
export const account: Place = { to: "/account", name: "Your account", icon: UserRound, key: "a" };

const places: Record<User["role"], Place[]> = {
  customer: [],
  seller: [
    today,
    { to: "/products", name: "Products", icon: Gem, key: "p" },
    { to: "/orders", name: "Orders", icon: ReceiptText, key: "o" },
    { to: "/statement", name: "Statement", icon: Scale, key: "s" },
    webhooks,
  ],
  admin: [
    today,
    { to: "/users", name: "Users", icon: UsersRound, key: "u" },
    { to: "/all-orders", name: "Orders", icon: ReceiptText, key: "o" },
    { to: "/payments", name: "Payments", icon: CreditCard, key: "m" },
    { to: "/gift-cards", name: "Gift cards", icon: Gift, key: "c" },
    { to: "/payouts", name: "Payouts", icon: HandCoins, key: "y" },
    { to: "/catalogue", name: "Catalogue", icon: FolderTree, key: "k" },
    { to: "/security-log", name: "Security log", icon: ScrollText, key: "l" },
    webhooks,
  ],
};

export function placesOf({ role }: Pick<User, "role">): Place[] {
  return places[role];
}
