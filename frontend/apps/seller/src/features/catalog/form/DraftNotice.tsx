/** A draft from before, offered again. It waits until the seller takes it or drops it. */
import type { Product } from "@carat/api-client";
import { Button, Notice } from "@carat/ui";
import { formatTime } from "../../../app/dates";
import type { ProductForm } from "./use-product-form";

export function DraftNotice({ form, product }: { form: ProductForm; product?: Product }) {
  const { draft, takeDraft, dropDraft } = form;
  if (!draft) return null;
  const outdated = product && draft.base !== product.updated_at;
  return (
    <Notice className="mb-4">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <p>
          You left something unsaved here on {formatTime(draft.keptAt)}.
          {outdated && " The product has been saved since: look it over before you save."}
        </p>
        <div className="flex gap-2">
          <Button onClick={takeDraft}>Restore it</Button>
          <Button variant="quiet" onClick={dropDraft}>
            Drop it
          </Button>
        </div>
      </div>
    </Notice>
  );
}
