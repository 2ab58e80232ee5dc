/** Whether somebody can sign in, and whether their address is proven. */
import type { AdminUser } from "@carat/api-client";
import { Badge } from "@carat/ui";
import { stateOf, statusNames, statusTones } from "./words";

export function StateBadge({ user }: { user: Pick<AdminUser, "status" | "email_verified"> }) {
  const state = stateOf(user);
  return <Badge tone={statusTones[state]}>{statusNames[state]}</Badge>;
}
