/** The second step of a sign-in, after the password. */
import { readMethods, SecondFactorForm } from "@carat/identity";
import { getRouteApi, Link, Navigate } from "@tanstack/react-router";
import { AuthLayout } from "./AuthLayout";
import { useSignedIn } from "./use-sign-in";

const route = getRouteApi("/login/second-factor");

export function SecondFactorPage() {
  const { challenge, methods, redirect } = route.useSearch();
  const onSignedIn = useSignedIn(redirect);
  if (!challenge) return <Navigate to="/login" search={{ redirect }} replace />;
  return (
    <AuthLayout title="One more step" lead="Your account asks for a second proof that it is you.">
      <SecondFactorForm
        challenge={challenge}
        methods={readMethods(methods ?? [])}
        onSignedIn={onSignedIn}
        startAgain={
          <Link to="/login" search={{ redirect }} replace className="underline underline-offset-4">
            Sign in again
          </Link>
        }
      />
    </AuthLayout>
  );
}
