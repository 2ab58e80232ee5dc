/** The frame of the account's pages: only for whoever is signed in, with the way from one page to the next. */
import { StepUpHost } from "@carat/identity";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
import { Suspense } from "react";
import { AccountNavigation } from "./AccountNavigation";
import { SignedIn } from "./SignedIn";

export function AccountArea() {
  return (
    <SignedIn>
      {(user) => (
        <div className="shell grid max-w-6xl gap-x-12 pt-8 sm:pt-12 lg:grid-cols-[12rem_minmax(0,1fr)]">
          <AccountNavigation className="max-lg:hidden" />
          <div className="min-w-0">
            <BackToOverview />
            <Suspense>
              <Outlet />
            </Suspense>
          </div>
          <StepUpHost email={user.email} />
        </div>
      )}
    </SignedIn>
  );
}

function BackToOverview() {
  const atOverview = useLocation({ select: ({ pathname }) => /^\/account\/?$/.test(pathname) });
  if (atOverview) return null;
  return (
    <Link to="/account" className="-ml-1 inline-flex min-h-11 items-center gap-1 text-muted lg:hidden">
      <ChevronLeft aria-hidden="true" size={18} strokeWidth={1.5} />
      Your account
    </Link>
  );
}
