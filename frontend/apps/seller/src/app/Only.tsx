/** Pages for one role. Everybody else is told who may see them, in the frame of the app, with a way on. */
import { buttonClass, EmptyState } from "@carat/ui";
import { Link, Outlet } from "@tanstack/react-router";
import { useUser } from "../features/identity/session";
import { usePageTitle } from "./page-title";

export function OnlySellers() {
  if (useUser().role === "seller") return <Outlet />;
  return (
    <NotAllowed>
      Products and orders belong to a shop, and an administrator's account has none. To sell, register an
      account of its own with another e-mail address.
    </NotAllowed>
  );
}

/** Those who sell, and those who look after the platform. */
export function OnlyMerchants() {
  if (useUser().role !== "customer") return <Outlet />;
  return <NotAllowed>This page is for sellers and for the shop's administrators.</NotAllowed>;
}

export function OnlyAdmins() {
  if (useUser().role === "admin") return <Outlet />;
  return (
    <NotAllowed>
      This page is for the shop's administrators. If you need something done there, ask one of them.
    </NotAllowed>
  );
}

function NotAllowed({ children }: { children: string }) {
  usePageTitle("Not allowed");
  return (
    <EmptyState
      level={1}
      title="You may not open this page"
      action={
        <Link to="/" className={buttonClass()}>
          Go to today
        </Link>
      }
    >
      {children}
    </EmptyState>
  );
}
