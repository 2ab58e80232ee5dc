/** The six digits that came by e-mail. Only for whoever is signed in: an address without its owner has no shop to go on to. */
import { VerifyForm } from "@carat/identity";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Navigate } from "@tanstack/react-router";
import { AuthLayout } from "./AuthLayout";
import { sessionQuery } from "./session";
import { useSignedIn, useSignOut } from "./use-sign-in";

const route = getRouteApi("/verify");

export function VerifyPage() {
  const { redirect } = route.useSearch();
  const session = useQuery(sessionQuery);
  const onVerified = useSignedIn(redirect);
  const signOut = useSignOut();
  if (session.isPending) return <AuthLayout title="Verify your e-mail address" />;
  if (!session.data) return <Navigate to="/login" search={{ redirect }} replace />;
  const { email } = session.data;
  return (
    <AuthLayout
      title="Verify your e-mail address"
      lead={
        <>
          We sent six digits to <strong className="break-all text-ink">{email}</strong>. They are good for 15
          minutes.
        </>
      }
    >
      <VerifyForm email={email} onVerified={onVerified} />
      <p className="mt-5 text-sm text-muted">
        Not your address?{" "}
        <button type="button" className="underline underline-offset-4" onClick={() => signOut.mutate()}>
          Sign out
        </button>
      </p>
    </AuthLayout>
  );
}
