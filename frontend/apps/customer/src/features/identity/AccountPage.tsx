/** The account at a glance: who it is, what still has to be done, and the latest orders. */
import type { User } from "@carat/api-client";
import { buttonClass, Notice } from "@carat/ui";
import { Link } from "@tanstack/react-router";
import { usePageTitle } from "../../app/page-title";
import { RecentOrders } from "../orders/RecentOrders";
import { AccountNavigation } from "./AccountNavigation";
import { AccountTitle } from "./AccountTitle";
import { useUser } from "./session";

export function AccountPage() {
  usePageTitle("Your account");
  const user = useUser();
  return (
    <>
      <AccountTitle>{user.name ? `Hello, ${user.name}` : "Your account"}</AccountTitle>
      <p className="mt-3 text-muted">
        <span className="break-all">{user.email}</span>, with us since{" "}
        {new Date(user.created_at).toLocaleDateString(undefined, { dateStyle: "long" })}
      </p>
      {!user.email_verified && <Unverified />}
      {user.role === "seller" && <Shop user={user} />}
      <AccountNavigation className="mt-8 lg:hidden" />
      <div className="mt-10">
        <RecentOrders />
      </div>
    </>
  );
}

function Unverified() {
  return (
    <Notice tone="warning" title="Your e-mail address is not verified yet" className="mt-6">
      <p>
        You need it to pay.{" "}
        <Link to="/verify" search={{ redirect: "/account" }} className="underline underline-offset-4">
          Enter the code that we sent you
        </Link>
      </p>
    </Notice>
  );
}

function Shop({ user }: { user: User }) {
  return (
    <p className="mt-6">
      <a href="/seller/" className={buttonClass({ variant: "secondary" })}>
        {user.shop_name ? `Go to ${user.shop_name}` : "Go to your shop"}
      </a>
    </p>
  );
}
