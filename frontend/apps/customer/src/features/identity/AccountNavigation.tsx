/** From one page of the account to the next, and out. */
import { Button } from "@carat/ui";
import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useSignOut } from "./use-sign-in";

const pages = [
  ["/account", "Overview"],
  ["/account/orders", "Orders"],
  ["/account/balance", "Balance"],
  ["/account/profile", "Profile"],
  ["/account/addresses", "Addresses"],
  ["/account/security", "Security"],
  ["/account/api-keys", "API keys"],
  ["/account/data", "Your data"],
] as const;

/** On narrow screens it is a list of the pages below the overview, which has it then. */
export function AccountNavigation({ className }: { className?: string }) {
  const signOut = useSignOut();
  return (
    <nav aria-label="Your account" className={className}>
      <ul className="max-lg:border-t max-lg:border-line">
        {pages.map(([to, name]) => (
          <li key={to} className={to === "/account" ? "max-lg:hidden" : undefined}>
            <Link
              to={to}
              activeOptions={{ exact: true }}
              className="flex min-h-11 items-center justify-between border-line decoration-1 underline-offset-8 hover:underline aria-[current=page]:underline max-lg:border-b lg:text-[0.9375rem]"
            >
              {name}
              <ChevronRight aria-hidden="true" size={18} strokeWidth={1.5} className="text-muted lg:hidden" />
            </Link>
          </li>
        ))}
      </ul>
      <Button
        variant="secondary"
        className="mt-5"
        pending={signOut.isPending}
        onClick={() => signOut.mutate()}
      >
        Sign out
      </Button>
    </nav>
  );
}
