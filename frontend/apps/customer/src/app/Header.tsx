/** The head of every page: the pieces by category, the name of the house, search, account and cart. */
import { ThemeToggle, Wordmark } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Menu, Search, ShoppingBag, User } from "lucide-react";
import { useState } from "react";
import { openCartDrawer, prepareCartDrawer } from "../features/cart/drawer";
import { useCart } from "../features/cart/use-cart";
import { categoriesQuery } from "../features/catalog/queries";
import { useSession } from "../features/identity/session";
import { useLoaded } from "./use-loaded";

const icon = "grid size-11 place-items-center rounded-sm transition-colors hover:bg-tile";
const link =
  "inline-flex min-h-11 items-center px-2.5 text-[0.9375rem] decoration-1 underline-offset-8 hover:underline aria-[current=page]:underline";

export function Header() {
  return (
    <header className="border-b border-line">
      <div className="shell grid grid-cols-[1fr_auto_1fr] items-center gap-2 py-2">
        <Navigation />
        <Link to="/" aria-label="Carat, to the home page" className="flex min-h-11 items-center px-2">
          <Wordmark />
        </Link>
        <div className="-mr-2.5 flex items-center justify-end">
          <Link to="/products" hash="search" aria-label="Search" className={`${icon} max-sm:hidden`}>
            <Search aria-hidden="true" size={20} strokeWidth={1.5} />
          </Link>
          <ThemeToggle className={`${icon} max-sm:hidden`} />
          <AccountLink />
          <CartButton />
        </div>
      </div>
    </header>
  );
}

function Navigation() {
  const [menuOpen, setMenuOpen] = useState<boolean>();
  const MenuDrawer = useLoaded(menuOpen !== undefined, async () => (await import("./MenuDrawer")).MenuDrawer);
  const categories = useQuery(categoriesQuery).data ?? [];
  return (
    <nav aria-label="Pieces" className="-ml-2.5">
      <button
        type="button"
        className={`${icon} lg:hidden`}
        aria-label="Menu"
        onClick={() => setMenuOpen(true)}
      >
        <Menu aria-hidden="true" size={22} strokeWidth={1.5} />
      </button>
      <div className="flex max-lg:hidden">
        {categories
          .filter(({ parent_id }) => parent_id === null)
          .slice(0, 6)
          .map(({ slug, name }, place) => (
            <Link
              key={slug}
              to="/products"
              search={{ category: [slug] }}
              className={place < 4 ? link : `${link} max-xl:hidden`}
            >
              {name}
            </Link>
          ))}
        <Link to="/products" activeOptions={{ exact: true, includeSearch: true }} className={link}>
          All
        </Link>
      </div>
      {MenuDrawer && (
        <MenuDrawer open={menuOpen === true} onClose={() => setMenuOpen(false)} categories={categories} />
      )}
    </nav>
  );
}

function AccountLink() {
  const { user } = useSession();
  return (
    <Link
      to={user ? "/account" : "/login"}
      aria-label={user ? "Your account" : "Sign in"}
      className={`${icon} relative`}
    >
      <User aria-hidden="true" size={20} strokeWidth={1.5} />
      {user && (
        <span className="absolute right-2.5 bottom-2.5 size-2 rounded-full border border-paper bg-accent" />
      )}
    </Link>
  );
}

function CartButton() {
  const { cart } = useCart();
  const pieces = cart?.lines.reduce((sum, line) => sum + line.quantity, 0) ?? 0;
  return (
    <button
      type="button"
      className={`${icon} relative`}
      aria-label={pieces === 1 ? "Cart, 1 piece" : `Cart, ${pieces} pieces`}
      onClick={openCartDrawer}
      onPointerEnter={prepareCartDrawer}
      onFocus={prepareCartDrawer}
    >
      <ShoppingBag aria-hidden="true" size={20} strokeWidth={1.5} />
      {pieces > 0 && (
        <span className="absolute top-1 right-0.5 grid h-5 min-w-5 place-items-center rounded-full bg-accent px-1 text-xs font-semibold text-on-accent">
          {pieces}
        </span>
      )}
    </button>
  );
}
