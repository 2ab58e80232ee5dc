/** Whether customers see a product. */
import type { Product } from "@carat/api-client";
import { Badge, type Tone } from "@carat/ui";

export const statusNames: Record<Product["status"], string> = {
  active: "On sale",
  draft: "Draft",
  archived: "Archived",
};

const tones: Record<Product["status"], Tone> = { active: "success", draft: "warning", archived: "neutral" };

export function StatusBadge({ status }: { status: Product["status"] }) {
  return <Badge tone={tones[status]}>{statusNames[status]}</Badge>;
}
