/** What has happened to an order so far, and where it goes. */
import type { Order } from "@carat/api-client";
import { Money } from "@carat/ui";
import { countryName } from "../checkout/countries";
import { eventText, formatTime } from "./status";

export function OrderFacts({ order }: { order: Order }) {
  const { shipping_address: address, timeline, email } = order;
  return (
    <div className="flex flex-col gap-8">
      <section aria-labelledby="timeline">
        <h2 id="timeline" className="font-display text-heading">
          So far
        </h2>
        <ol className="mt-4 ml-1.5 border-l border-edge">
          {timeline.map(({ kind, at, amount }, index) => (
            <li key={`${kind} ${at}`} className="relative pb-5 pl-5 last:pb-0">
              <span
                aria-hidden="true"
                className={`absolute top-2 -left-[5px] size-2.5 rounded-full ${index === timeline.length - 1 ? "bg-accent" : "border border-edge bg-paper"}`}
              />
              {eventText(kind)}
              {amount && (
                <>
                  {" "}
                  <Money value={amount} className="font-medium" />
                </>
              )}
              <time dateTime={at} className="block text-sm text-muted">
                {formatTime(at)}
              </time>
            </li>
          ))}
        </ol>
      </section>
      <section aria-labelledby="address">
        <h2 id="address" className="font-display text-heading">
          {address ? "Goes to" : "We write to"}
        </h2>
        <address className="mt-3 text-[0.9375rem] text-muted not-italic">
          {address && <Lines address={address} />}
          <span className={address ? "mt-2 block break-all" : "block break-all"}>{email}</span>
        </address>
      </section>
    </div>
  );
}

function Lines({ address }: { address: NonNullable<Order["shipping_address"]> }) {
  const { name, line1, line2, postal_code, city, region, country } = address;
  return [name, line1, line2, `${postal_code} ${city}`, region, countryName(country)]
    .filter(Boolean)
    .map((line) => (
      <span key={line} className="block">
        {line}
      </span>
    ));
}
