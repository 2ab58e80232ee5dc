/** Deleting a product. One that somebody ordered is archived instead, which is said afterwards. */
import type { Product } from "@carat/api-client";
import { shownProblem } from "@carat/identity";
import { Button, ConfirmDialog, ProblemNotice, toast } from "@carat/ui";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { forgetDraft } from "./form/draft";
import { removeProduct, useForgetProduct, useKeepProduct } from "./queries";

export function RemoveProduct({ product, draft }: { product: Product; draft: string }) {
  const [asking, setAsking] = useState(false);
  const keep = useKeepProduct();
  const forget = useForgetProduct();
  const navigate = useNavigate();
  const { id, title } = product;
  const remove = useMutation({
    mutationFn: () => removeProduct(id),
    onSuccess: (archived) => {
      setAsking(false);
      if (archived) {
        keep(archived);
        toast({ message: `${title} was ordered before, so it is archived. Customers do not see it.` });
        return;
      }
      forgetDraft(draft);
      toast({ message: `${title} is deleted.` });
      void navigate({ to: "/products", ignoreBlocker: true }).then(() => forget(id));
    },
  });
  return (
    <>
      <Button variant="quiet" onClick={() => setAsking(true)}>
        <Trash2 aria-hidden="true" size={16} /> Delete
      </Button>
      <ConfirmDialog
        open={asking}
        title={`Delete ${title}?`}
        confirmLabel="Delete"
        pending={remove.isPending}
        onConfirm={() => remove.mutate()}
        onClose={() => setAsking(false)}
      >
        <p className="mb-4">
          It can't be brought back. If somebody ordered it, it is archived instead, and the orders keep it.
        </p>
        <ProblemNotice problem={shownProblem(remove.error)} />
      </ConfirmDialog>
    </>
  );
}
