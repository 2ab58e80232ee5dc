/** What the list of deliveries shows, as its address says it. */
import type { WebhookDeliveryStatus } from "@carat/api-client";
import { one } from "@carat/api-client";

export const deliveryStatuses = [
  "waiting",
  "delivered",
  "failed",
] as const satisfies readonly WebhookDeliveryStatus[];

export interface DeliverySearch {
  status?: WebhookDeliveryStatus;
  cursor?: string;
}

export function parseDeliverySearch(search: Record<string, unknown>): DeliverySearch {
  const status = deliveryStatuses.find((known) => known === one(search.status));
  const cursor = one(search.cursor);
  return { ...(status && { status }), ...(cursor && { cursor }) };
}
