/** A new product, empty or as a copy of another one. */
import type { Product } from "@carat/api-client";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { PageHead } from "../../app/PageHead";
import { ProblemState } from "../../app/ProblemState";
import { useUser } from "../identity/session";
import { draftName } from "./form/draft";
import { FormSkeleton } from "./form/FormSkeleton";
import { copyOf, emptyProduct, toCreate } from "./form/model";
import { ProductFormView } from "./form/ProductFormView";
import { useProductForm } from "./form/use-product-form";
import { createProduct, newestProducts, productQuery, useKeepProduct } from "./queries";
import { saySaved } from "./saved-message";

const route = getRouteApi("/guard/selling/products/new");

export function NewProductPage() {
  const { from } = route.useSearch();
  const model = useQuery({ ...productQuery(from ?? ""), enabled: from !== undefined });
  const newest = useQuery(newestProducts);
  if (from && model.isError)
    return <ProblemState error={model.error} what="product" onRetry={() => void model.refetch()} />;
  const waiting = from ? !model.data : newest.isPending;
  return (
    <>
      <PageHead title="New product">
        <Link to="/products" className="underline-offset-4 hover:underline pointer-coarse:py-3">
          Products
        </Link>
      </PageHead>
      {waiting ? (
        <FormSkeleton />
      ) : (
        <NewProductForm
          key={from}
          model={model.data}
          currency={newest.data?.data[0]?.price.currency ?? "EUR"}
        />
      )}
    </>
  );
}

function NewProductForm({ model, currency }: { model?: Product; currency: string }) {
  const seller = useUser();
  const navigate = useNavigate();
  const keep = useKeepProduct();
  const [start] = useState(() => (model ? copyOf(model) : emptyProduct(currency)));
  const form = useProductForm({
    start,
    draftName: draftName(seller.id, model ? `copy-${model.id}` : "new"),
    send: (_, values) => createProduct(toCreate(values)),
    onSaved: (product) => {
      keep(product);
      saySaved(product, "Created");
      void navigate({ to: "/products/$id", params: { id: product.id }, replace: true, ignoreBlocker: true });
    },
  });
  return <ProductFormView form={form} />;
}
