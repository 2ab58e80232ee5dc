/** Whether a gift card can be used, and if not, why. */
import type { GiftCardStatus } from "@carat/api-client";
import { Badge } from "@carat/ui";
import { statusNames, statusTones } from "./words";

export function StatusBadge({ status }: { status: GiftCardStatus }) {
  return <Badge tone={statusTones[status]}>{statusNames[status]}</Badge>;
}
