/** The visitor's own account: who they are, their orders, and the way out. */
import { api, call, type User } from "@carat/api-client";
import { Badge, Button, buttonClass, Notice, toast } from "@carat/ui";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { usePageTitle } from "../../app/page-title";
import { RecentOrders } from "../orders/RecentOrders";
import { SignedIn } from "./SignedIn";
import { endSession } from "./session";

export function AccountPage() {
  return <SignedIn>{(user) => <Account user={user} />}</SignedIn>;
}

function Account({ user }: { user: User }) {
  usePageTitle("Your account");
  return (
    <div className="shell max-w-5xl pt-8 sm:pt-14">
      <div className="flex flex-wrap items-end justify-between gap-4">
        <h1 className="font-display text-display">{user.name ? `Hello, ${user.name}` : "Your account"}</h1>
        <SignOut />
      </div>
      {!user.email_verified && (
        <Notice tone="warning" title="Your e-mail address is not verified yet" className="mt-6">
          <p>
            You need it to pay.{" "}
            <Link to="/verify" search={{ redirect: "/account" }} className="underline underline-offset-4">
              Enter the code that we sent you
            </Link>
          </p>
        </Notice>
      )}
      <div className="mt-10 grid gap-x-16 gap-y-12 lg:grid-cols-[18rem_1fr]">
        <section aria-labelledby="profile">
          <h2 id="profile" className="font-display text-heading">
            Profile
          </h2>
          <dl className="mt-4 flex flex-col gap-4 border-t border-line pt-4 text-[0.9375rem]">
            <Fact name="Name">{user.name ?? "Not given"}</Fact>
            <Fact name="E-mail">
              <span className="break-all">{user.email}</span>{" "}
              <Badge tone={user.email_verified ? "success" : "warning"}>
                {user.email_verified ? "Verified" : "Not verified"}
              </Badge>
            </Fact>
            <Fact name="With us since">
              {new Date(user.created_at).toLocaleDateString(undefined, { dateStyle: "long" })}
            </Fact>
          </dl>
          {user.role === "seller" && (
            <a href="/seller/" className={buttonClass({ variant: "secondary", className: "mt-6" })}>
              Go to your shop
            </a>
          )}
        </section>
        <RecentOrders />
      </div>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-sm text-muted">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function SignOut() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const signOut = useMutation({
    mutationFn: () => call(api.POST("/api/v1/auth/logout")),
    onSuccess: async () => {
      await navigate({ to: "/" });
      endSession(client);
      toast({ message: "You are signed out." });
    },
    onError: () => toast({ message: "Signing out did not work. Please try again." }),
  });
  return (
    <Button variant="secondary" pending={signOut.isPending} onClick={() => signOut.mutate()}>
      Sign out
    </Button>
  );
}
