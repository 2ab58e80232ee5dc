/** Products of all shops as rows, each with the one thing that an admin can do with it here. */
import type { Product } from "@carat/api-client";
import { Button, Picture, Skeleton } from "@carat/ui";
import { StatusBadge } from "../../catalog/StatusBadge";
import { valuesOf } from "./words";

interface Props {
  products: Product[];
  onDecide: (product: Product) => void;
}

export function GiftProductRows({ products, onDecide }: Props) {
  return (
    <ul aria-label="Products">
      {products.map((product) => (
        <ProductRow key={product.id} product={product} onDecide={onDecide} />
      ))}
    </ul>
  );
}

function ProductRow({ product, onDecide }: { product: Product; onDecide: Props["onDecide"] }) {
  const { title, category, images, seller, status, gift_card } = product;
  return (
    <li className="grid grid-cols-[3.5rem_minmax(0,1fr)] items-center gap-x-4 gap-y-2 border-b border-line py-3 text-[0.9375rem] sm:grid-cols-[3.5rem_minmax(0,1fr)_auto_auto]">
      <Picture
        image={images[0]}
        subject={category?.name ?? title}
        sizes="56px"
        decorative
        className="w-14 self-start rounded-sm"
      />
      <div className="min-w-0">
        <span className="block font-medium wrap-anywhere">{title}</span>
        <span className="block text-[0.8125rem] text-muted wrap-anywhere">
          {seller.shop_name} · <span className="tabular-nums">{valuesOf(product)}</span>
        </span>
        {status !== "active" && (
          <span className="mt-1 block sm:hidden">
            <StatusBadge status={status} />
          </span>
        )}
      </div>
      <span className="max-sm:hidden">
        <StatusBadge status={status} />
      </span>
      <Button
        variant="secondary"
        onClick={() => onDecide(product)}
        aria-label={gift_card ? `${title} is to be no gift card any more` : `Make ${title} a gift card`}
        className="max-sm:col-start-2 max-sm:justify-self-start sm:min-w-40"
      >
        {gift_card ? "No gift card any more" : "Make it a gift card"}
      </Button>
    </li>
  );
}

export function GiftProductRowsSkeleton() {
  return (
    <div role="status" aria-label="Loading the products" className="appear-late">
      {Array.from({ length: 6 }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: equal blocks.
        <div key={at} className="flex items-center gap-4 border-b border-line py-3">
          <Skeleton className="size-14" />
          <div className="flex-1">
            <Skeleton className="h-4 w-1/3" />
            <Skeleton className="mt-2 h-3 w-1/4" />
          </div>
          <Skeleton className="h-10 w-40 max-sm:hidden" />
        </div>
      ))}
    </div>
  );
}
