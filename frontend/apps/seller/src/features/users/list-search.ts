/** What the list of users shows, as its address says it: in the API's own names, so that the address can be shared. */
import { one } from "@carat/api-client";

export const roles = ["customer", "seller", "admin"] as const;
export type Role = (typeof roles)[number];

export const userStatuses = ["active", "unverified", "disabled", "deleted"] as const;
export type ListedStatus = (typeof userStatuses)[number];

export const userSorts = ["created_at", "email", "-email"] as const;
export type UserSort = (typeof userSorts)[number];

export interface UserSearch {
  q?: string;
  role?: Role;
  status?: ListedStatus;
  /** Without it: the newest first. */
  sort?: UserSort;
  cursor?: string;
}

export function parseUserSearch(search: Record<string, unknown>): UserSearch {
  const q = one(search.q)?.trim();
  const role = roles.find((known) => known === one(search.role));
  const status = userStatuses.find((known) => known === one(search.status));
  const sort = userSorts.find((known) => known === one(search.sort));
  const cursor = one(search.cursor);
  return {
    ...(q && { q }),
    ...(role && { role }),
    ...(status && { status }),
    ...(sort && { sort }),
    ...(cursor && { cursor }),
  };
}
