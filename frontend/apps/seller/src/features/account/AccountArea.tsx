/** The frame of one's own account: who one is, and the way from one page to the next. */
import { Link, Outlet } from "@tanstack/react-router";
import { Suspense } from "react";
import { PageHead } from "../../app/PageHead";
import { Tabs, tabClass } from "../../app/Tabs";
import { useUser } from "../identity/session";

const pages = [
  ["/account", "Profile"],
  ["/account/security", "Security"],
  ["/account/api-keys", "API keys"],
  ["/account/data", "Your data"],
] as const;

export function AccountArea() {
  const { email } = useUser();
  return (
    <>
      <PageHead title="Your account">
        <span className="break-all">{email}</span>
      </PageHead>
      <Tabs label="Your account">
        {pages.map(([to, name]) => (
          <Link key={to} to={to} activeOptions={{ exact: true }} className={tabClass}>
            {name}
          </Link>
        ))}
      </Tabs>
      <div className="[&>section:first-child]:border-t-0">
        <Suspense>
          <Outlet />
        </Suspense>
      </div>
    </>
  );
}
