/** The foot of every page. */
import { Wordmark } from "@carat/ui";
import { Link } from "@tanstack/react-router";

const link = "inline-flex min-h-11 items-center text-muted underline-offset-4 hover:text-ink hover:underline";

export function Footer() {
  return (
    <footer className="mt-24 border-t border-line">
      <div className="shell grid gap-8 py-10 sm:grid-cols-[1fr_auto_auto] sm:gap-16">
        <div className="max-w-sm">
          <Wordmark />
          <p className="mt-4 text-[0.9375rem] text-muted">
            Fine jewellery from independent makers. Prices include tax; insured delivery is on the house.
          </p>
        </div>
        <nav aria-label="The shop">
          <ul>
            <li>
              <Link to="/products" className={link}>
                All pieces
              </Link>
            </li>
            <li>
              <Link to="/gift-card" className={link}>
                Gift cards
              </Link>
            </li>
            <li>
              <Link to="/about" className={link}>
                How we sell
              </Link>
            </li>
          </ul>
        </nav>
        <nav aria-label="You">
          <ul>
            <li>
              <Link to="/account/orders" className={link}>
                Your orders
              </Link>
            </li>
            <li>
              <a href="/seller/" className={link}>
                Sell with Carat
              </a>
            </li>
          </ul>
        </nav>
      </div>
    </footer>
  );
}
