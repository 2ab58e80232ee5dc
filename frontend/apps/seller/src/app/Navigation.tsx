/** The navigation: a column beside the page on wide screens, two short rows above it on narrow ones. */
import type { User } from "@carat/api-client";
import { ThemeToggle, Wordmark } from "@carat/ui";
import { Link } from "@tanstack/react-router";
import { ExternalLink, LogOut, Search, UserRound } from "lucide-react";
import { useSignOut } from "../features/identity/use-sign-in";
import { placesOf } from "./places";
import type { Overlay } from "./shortcuts";

const icon = "grid size-11 place-items-center rounded-sm transition-colors hover:bg-tile";
const key = "rounded-sm border border-line px-1.5 font-sans text-xs leading-5 text-muted";

export function Navigation({ user, onOpen }: { user: User; onOpen: (overlay: Overlay) => void }) {
  const signOut = useSignOut();
  return (
    <header className="z-20 flex flex-col border-line bg-paper print:hidden max-lg:border-b lg:sticky lg:top-0 lg:h-dvh lg:w-60 lg:shrink-0 lg:border-r lg:px-3 lg:py-4">
      <div className="flex items-center justify-between gap-2 px-4 pt-2 lg:px-2 lg:pt-0">
        <Link to="/" aria-label="Carat for sellers, to today" className="flex min-h-11 items-center gap-2.5">
          <Wordmark />
          <span className="text-[0.8125rem] whitespace-nowrap text-muted max-[26rem]:hidden">
            {user.role === "admin" ? "administration" : "for sellers"}
          </span>
        </Link>
        <div className="-mr-3 flex lg:hidden">
          <button
            type="button"
            className={icon}
            aria-label="Search and commands"
            onClick={() => onOpen("palette")}
          >
            <Search aria-hidden="true" size={20} strokeWidth={1.5} />
          </button>
          <Link to="/account" aria-label="Your account" className={`${icon} aria-[current=page]:text-accent`}>
            <UserRound aria-hidden="true" size={20} strokeWidth={1.5} />
          </Link>
          <ThemeToggle className={icon} />
          <button type="button" className={icon} aria-label="Sign out" onClick={() => signOut.mutate()}>
            <LogOut aria-hidden="true" size={20} strokeWidth={1.5} />
          </button>
        </div>
      </div>

      <button
        type="button"
        onClick={() => onOpen("palette")}
        className="mt-4 flex min-h-10 items-center gap-2 rounded-sm border border-line bg-surface px-2.5 text-left text-sm text-muted transition-colors hover:border-edge max-lg:hidden"
      >
        <Search aria-hidden="true" size={16} />
        <span className="flex-1">Go to…</span>
        <kbd className={key}>Ctrl K</kbd>
      </button>

      <nav
        aria-label="The shop"
        className="flex overflow-x-auto px-2 lg:mt-4 lg:flex-col lg:gap-0.5 lg:overflow-visible lg:px-0"
      >
        {placesOf(user).map(({ to, name, icon: Icon }) => (
          <Link
            key={to}
            to={to}
            activeOptions={{ exact: to === "/", includeSearch: false }}
            className="flex min-h-11 items-center gap-3 px-2.5 text-[0.9375rem] whitespace-nowrap text-muted transition-colors hover:text-ink max-lg:shrink-0 max-lg:focus-visible:-outline-offset-2 aria-[current=page]:font-medium aria-[current=page]:text-ink max-lg:border-b-2 max-lg:border-transparent max-lg:aria-[current=page]:border-accent lg:min-h-10 lg:rounded-sm lg:hover:bg-tile lg:aria-[current=page]:bg-accent-soft lg:aria-[current=page]:text-accent"
          >
            <Icon aria-hidden="true" size={18} strokeWidth={1.6} className="max-sm:hidden" />
            {name}
          </Link>
        ))}
        {/* Administrators have more places than sellers, and less to look for in the shop. */}
        <ShopLink className={`ml-auto lg:hidden ${user.role === "admin" ? "max-sm:hidden" : ""}`} />
      </nav>

      <div className="mt-auto flex flex-col gap-1 max-lg:hidden">
        <ShopLink />
        <button
          type="button"
          className="flex min-h-10 items-center justify-between px-2.5 text-sm text-muted hover:text-ink"
          onClick={() => onOpen("shortcuts")}
        >
          Shortcuts <kbd className={key}>?</kbd>
        </button>
        <div className="mt-2 flex items-center border-t border-line pt-2 pl-2.5">
          <Link
            to="/account"
            className="group min-w-0 flex-1 rounded-sm py-1 text-sm leading-5 aria-[current=page]:text-accent"
          >
            <span className="sr-only">Your account: </span>
            <span className="block truncate font-medium underline-offset-4 group-hover:underline">
              {user.shop_name ?? user.name ?? "Your account"}
            </span>
            <span className="block truncate text-muted">{user.email}</span>
          </Link>
          <ThemeToggle className={icon} />
          <button type="button" className={icon} aria-label="Sign out" onClick={() => signOut.mutate()}>
            <LogOut aria-hidden="true" size={18} strokeWidth={1.5} />
          </button>
        </div>
      </div>
    </header>
  );
}

function ShopLink({ className = "" }: { className?: string }) {
  return (
    <a
      href="/"
      className={`flex min-h-11 items-center justify-between gap-2 px-2.5 text-sm text-muted hover:text-ink lg:min-h-10 ${className}`}
    >
      <span className="max-sm:hidden">View the shop</span>
      <span className="sm:hidden">Shop</span>
      <ExternalLink aria-hidden="true" size={15} />
    </a>
  );
}
