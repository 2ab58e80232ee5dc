/** What the shop owes to whoever has its gift cards, in each currency. */
import { Money, Skeleton } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { PanelProblem } from "../../app/Panel";
import { liabilityQuery } from "./queries";
import { cardCount } from "./words";

const box = "bg-surface px-4 py-3 sm:px-5";

export function Liability() {
  const owed = useQuery(liabilityQuery);
  if (owed.isError && !owed.data) return <PanelProblem query={owed} />;
  return (
    <section aria-label="What the shop owes" className="mb-6">
      {owed.data?.length === 0 ? (
        <p className={`${box} rounded-md border border-line text-muted`}>
          The shop owes nothing: nothing is left on any gift card.
        </p>
      ) : (
        <ul className="grid grid-cols-[repeat(auto-fit,minmax(min(14rem,100%),1fr))] gap-px overflow-hidden rounded-md border border-line bg-line">
          {owed.data ? (
            owed.data.map(({ outstanding, cards }) => (
              <li key={outstanding.currency} className={box}>
                <span className="block text-sm text-muted">Owed in {outstanding.currency}</span>
                <Money value={outstanding} className="block font-display text-[1.75rem] leading-9" />
                <span className="block text-sm text-muted">left on {cardCount(cards)}</span>
              </li>
            ))
          ) : (
            <li className={box}>
              <Skeleton className="h-4 w-24" />
              <Skeleton className="mt-2.5 h-7 w-40" />
              <Skeleton className="mt-2 h-4 w-24" />
            </li>
          )}
        </ul>
      )}
    </section>
  );
}
