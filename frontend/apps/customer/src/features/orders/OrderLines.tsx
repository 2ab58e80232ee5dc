/** The pieces of an order, as they were when it was placed. */
import type { Order } from "@carat/api-client";
import { Money, Picture } from "@carat/ui";
import { PaidBy } from "./PaidBy";

export function OrderLines({ order }: { order: Order }) {
  return (
    <section aria-labelledby="pieces">
      <h2 id="pieces" className="font-display text-heading">
        Pieces
      </h2>
      <ul className="mt-4 divide-y divide-line border-y border-line">
        {order.lines.map((line) => (
          <li key={line.id} className="grid grid-cols-[5rem_1fr_auto] gap-4 py-4">
            <Picture image={line.image} subject={line.title} sizes="80px" decorative className="self-start" />
            <div className="min-w-0">
              <p className="font-medium">{line.title}</p>
              <p className="text-sm text-muted">
                {[
                  line.seller.shop_name,
                  ...Object.entries(line.options).map(([name, value]) => `${name} ${value}`),
                ].join(", ")}
              </p>
              {line.gift && (
                <p className="text-sm text-muted wrap-anywhere">For {line.gift.recipient_email}</p>
              )}
              {line.quantity > 1 && (
                <p className="text-sm text-muted">
                  {line.quantity} × <Money value={line.unit_price} />
                </p>
              )}
            </div>
            <Money value={line.total} />
          </li>
        ))}
      </ul>
      <dl className="mt-4 ml-auto flex max-w-xs flex-col gap-1 text-[0.9375rem]">
        <Row name="Pieces" value={order.subtotal} />
        {order.discount.amount !== 0 && <Row name="Discount" value={order.discount} />}
        {order.shipping_address && <Row name="Insured delivery" value={order.shipping} free />}
        {order.tax.amount !== 0 && <Row name="Tax" value={order.tax} />}
        <div className="mt-1 flex justify-between border-t border-line pt-2 text-lg font-medium">
          <dt>Total</dt>
          <dd>
            <Money value={order.total} />
          </dd>
        </div>
        {order.refunded.amount > 0 && <Row name="Refunded" value={order.refunded} />}
      </dl>
      <PaidBy order={order} />
    </section>
  );
}

function Row({ name, value, free = false }: { name: string; value: Order["total"]; free?: boolean }) {
  return (
    <div className="flex justify-between text-muted">
      <dt>{name}</dt>
      <dd>{free && value.amount === 0 ? "Free" : <Money value={value} />}</dd>
    </div>
  );
}
