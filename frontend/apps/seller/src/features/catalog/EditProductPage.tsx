/** One product of the seller: changed in place, seen in the shop, copied. */
import type { Product } from "@carat/api-client";
import { buttonClass } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Copy, ExternalLink } from "lucide-react";
import { useState } from "react";
import { formatTime } from "../../app/dates";
import { PageHead } from "../../app/PageHead";
import { ProblemState } from "../../app/ProblemState";
import { useUser } from "../identity/session";
import { draftName } from "./form/draft";
import { FormSkeleton } from "./form/FormSkeleton";
import { fromProduct, toPatch } from "./form/model";
import { ProductFormView } from "./form/ProductFormView";
import { useProductForm } from "./form/use-product-form";
import { PicturesSection } from "./pictures/PicturesSection";
import { productQuery, updateProduct, useKeepProduct } from "./queries";
import { RemoveProduct } from "./RemoveProduct";
import { StatusBadge } from "./StatusBadge";
import { saySaved, shopAddress } from "./saved-message";

const route = getRouteApi("/guard/selling/products/$id");

export function EditProductPage() {
  const { id } = route.useParams();
  const product = useQuery(productQuery(id));
  if (product.data) return <EditProduct key={id} product={product.data} />;
  if (product.isError) {
    return <ProblemState error={product.error} what="product" onRetry={() => void product.refetch()} />;
  }
  return <FormSkeleton withTitle />;
}

function EditProduct({ product }: { product: Product }) {
  const seller = useUser();
  const keep = useKeepProduct();
  const [start] = useState(() => fromProduct(product));
  const { id, slug, status, updated_at } = product;
  const form = useProductForm({
    start,
    product,
    draftName: draftName(seller.id, id),
    send: (base, values) => updateProduct(id, toPatch(base, values)),
    onSaved: (saved) => {
      keep(saved);
      saySaved(saved, "Saved");
    },
  });
  return (
    <>
      <PageHead
        title={product.title}
        aside={<StatusBadge status={status} />}
        actions={
          <>
            <RemoveProduct product={product} draft={draftName(seller.id, id)} />
            <Link to="/products/new" search={{ from: id }} className={buttonClass({ variant: "quiet" })}>
              <Copy aria-hidden="true" size={16} /> Copy
            </Link>
            {status === "active" && (
              <a href={shopAddress(slug)} className={buttonClass({ variant: "secondary" })}>
                See it in the shop <ExternalLink aria-hidden="true" size={16} />
              </a>
            )}
          </>
        }
      >
        <Link to="/products" className="underline-offset-4 hover:underline pointer-coarse:py-3">
          Products
        </Link>{" "}
        · saved {formatTime(updated_at)}
      </PageHead>
      <PicturesSection product={product} />
      <ProductFormView form={form} product={product} />
    </>
  );
}
