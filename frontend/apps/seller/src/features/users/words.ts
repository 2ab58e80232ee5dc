/** What is said about users: their role, their state, and how to call them. */
import type { AdminUser } from "@carat/api-client";
import type { Tone } from "@carat/ui";
import type { ListedStatus, Role } from "./list-search";

export const roleNames: Record<Role, string> = {
  customer: "Customer",
  seller: "Seller",
  admin: "Administrator",
};

export const roleMeanings: Record<Role, string> = {
  customer: "Buys in the shop.",
  seller: "Sells under a shop name of their own.",
  admin: "Looks after every account, and sees the security log. Cannot sell.",
};

export const statusNames: Record<ListedStatus, string> = {
  active: "Active",
  unverified: "Not verified",
  disabled: "Disabled",
  deleted: "Deleted",
};

export const statusTones: Record<ListedStatus, Tone> = {
  active: "success",
  unverified: "warning",
  disabled: "danger",
  deleted: "neutral",
};

/** An active account whose address isn't proven yet is told apart, as the list's filter does. */
export function stateOf({
  status,
  email_verified,
}: Pick<AdminUser, "status" | "email_verified">): ListedStatus {
  return status === "active" && !email_verified ? "unverified" : status;
}

/** How the pages call somebody: by name, else by address. */
export function callName({ name, email }: Pick<AdminUser, "name" | "email">): string {
  return name?.trim() || email;
}

/** "1 session", "3 sessions". */
export function sessionCount(sessions: number): string {
  if (sessions === 0) return "No sessions";
  return sessions === 1 ? "1 session" : `${sessions} sessions`;
}
