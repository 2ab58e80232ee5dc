/** The six digits that came by e-mail. Signed in or not: then the address is asked for, too. */
import { VerifyForm } from "@carat/identity";
import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { usePageTitle } from "../../app/page-title";
import { AuthLayout } from "./AuthLayout";
import { beginSession, useSession } from "./session";
import { useGoBackTo } from "./use-sign-in";

const route = getRouteApi("/verify");

export function VerifyPage() {
  usePageTitle("Verify your e-mail address");
  const { redirect } = route.useSearch();
  const { user } = useSession();
  const client = useQueryClient();
  const goBack = useGoBackTo(redirect);
  return (
    <AuthLayout
      title="Verify your e-mail address"
      lead={
        <>
          We sent six digits to{" "}
          {user ? <strong className="break-all text-ink">{user.email}</strong> : "your e-mail address"}. They
          are good for 15 minutes.
        </>
      }
    >
      <VerifyForm
        email={user?.email}
        onVerified={(verified) => {
          if (user) beginSession(client, verified);
          void goBack();
        }}
      />
    </AuthLayout>
  );
}
