/** What is in the balance, in each currency. */
import { Loaded } from "@carat/identity";
import { buttonClass, Money, type MoneyValue } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { balanceQuery } from "./queries";

export function Balances() {
  const balance = useQuery(balanceQuery);
  return (
    <section aria-label="Your balance" className="rounded-md border border-line bg-surface p-5 sm:p-7">
      <Loaded query={balance} what="your balance">
        {(amounts) => (amounts.length > 0 ? <Amounts amounts={amounts} /> : <Nothing />)}
      </Loaded>
      <div className="mt-6 flex flex-wrap gap-3">
        <Link to="/account/balance/top-up" className={buttonClass()}>
          Add to your balance
        </Link>
        <Link to="/gift-card" className={buttonClass({ variant: "secondary" })}>
          Redeem a gift card
        </Link>
      </div>
    </section>
  );
}

function Amounts({ amounts }: { amounts: MoneyValue[] }) {
  return (
    <>
      <ul className="flex flex-wrap gap-x-12 gap-y-3">
        {amounts.map((amount) => (
          <li key={amount.currency}>
            <Money value={amount} className="font-display text-title" />
          </li>
        ))}
      </ul>
      {amounts.length > 1 && (
        <p className="mt-2 text-[0.9375rem] text-muted">Each amount pays for pieces in its own currency.</p>
      )}
    </>
  );
}

function Nothing() {
  return (
    <>
      <p className="font-display text-title">Nothing yet</p>
      <p className="mt-2 max-w-[52ch] text-[0.9375rem] text-muted">
        What you pay in comes here, and the value of a gift card when you redeem it. It stays yours.
      </p>
    </>
  );
}
