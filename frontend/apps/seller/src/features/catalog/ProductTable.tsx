/** Products as a table, and on a narrow screen as cards of the same rows. The title's link covers its whole row. */
import type { Product } from "@carat/api-client";
import { Money, Picture, Skeleton } from "@carat/ui";
import { Link } from "@tanstack/react-router";
import { moveThroughRows } from "../../app/row-keys";
import { StatusBadge } from "./StatusBadge";
import { StockCell } from "./StockCell";

const row =
  "relative max-md:grid max-md:grid-cols-[4rem_minmax(0,1fr)_auto] max-md:gap-x-3 max-md:py-3 border-b border-line hover:bg-tile/50 has-focus-visible:bg-tile/60 md:table-row";
const head = "px-3 py-2 text-left text-[0.8125rem] font-medium text-muted";
const cell = "md:px-3 md:py-2 align-middle";

export function ProductTable({ products }: { products: Product[] }) {
  return (
    <table className="w-full text-[0.9375rem] max-md:block" onKeyDown={moveThroughRows}>
      <caption className="sr-only">Your products. Arrow keys move through the rows, Enter opens one.</caption>
      <thead className="border-b border-line max-md:hidden">
        <tr>
          <th scope="col" className={`${head} w-18 pl-0`}>
            <span className="sr-only">Picture</span>
          </th>
          <th scope="col" className={head}>
            Title
          </th>
          <th scope="col" className={`${head} w-28`}>
            Status
          </th>
          <th scope="col" className={`${head} w-64`}>
            In stock
          </th>
          <th scope="col" className={`${head} w-32 text-right!`}>
            Price
          </th>
        </tr>
      </thead>
      <tbody className="max-md:block">
        {products.map((product) => (
          <ProductRow key={product.id} product={product} />
        ))}
      </tbody>
    </table>
  );
}

function ProductRow({ product }: { product: Product }) {
  const { id, title, category, images, price, compare_at_price, status, variants } = product;
  return (
    <tr className={row}>
      <td className="max-md:row-span-3 md:py-2">
        <Picture
          image={images[0]}
          subject={category?.name ?? title}
          sizes="64px"
          decorative
          className="w-16 rounded-sm md:w-14"
        />
      </td>
      <td className={cell}>
        <Link
          to="/products/$id"
          params={{ id }}
          data-row
          className="font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          {title}
        </Link>
        <span className="block text-[0.8125rem] text-muted">
          {category?.name ?? "No category"}
          {variants.length > 1 && ` · ${variants.length} variants`}
        </span>
      </td>
      <td className={`${cell} max-md:col-start-2 max-md:row-start-3 max-md:mt-1`}>
        <StatusBadge status={status} />
      </td>
      <td className={`${cell} max-md:col-start-2 max-md:row-start-2`}>
        <span className="float-left mr-1.5 text-muted md:hidden">In stock</span>
        <StockCell product={product} />
      </td>
      <td className={`${cell} text-right max-md:col-start-3 max-md:row-start-1`}>
        <Money value={price} className="font-medium" />
        {compare_at_price && (
          <s className="block text-[0.8125rem] text-muted">
            <span className="sr-only">before </span>
            <Money value={compare_at_price} />
          </s>
        )}
      </td>
    </tr>
  );
}

export function ProductTableSkeleton() {
  return (
    <div role="status" aria-label="Loading your products" className="appear-late">
      {Array.from({ length: 8 }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: eight equal blocks.
        <div key={at} className="flex items-center gap-4 border-b border-line py-2">
          <Skeleton className="size-14" />
          <div className="flex-1">
            <Skeleton className="h-4 w-1/3" />
            <Skeleton className="mt-2 h-3 w-1/5" />
          </div>
          <Skeleton className="h-4 w-20" />
        </div>
      ))}
    </div>
  );
}
