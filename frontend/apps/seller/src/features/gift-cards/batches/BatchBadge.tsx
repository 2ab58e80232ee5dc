/** How far a batch of gift cards is. */
import type { GiftCardBatchStatus } from "@carat/api-client";
import { Badge } from "@carat/ui";
import { batchStatusNames, batchStatusTones } from "../words";

export function BatchBadge({ status }: { status: GiftCardBatchStatus }) {
  return <Badge tone={batchStatusTones[status]}>{batchStatusNames[status]}</Badge>;
}
