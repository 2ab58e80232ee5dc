/** Signing in; afterwards one is where one was. */
import { LoginForm, OtherWays } from "@carat/identity";
import { getRouteApi, Link } from "@tanstack/react-router";
import { AuthLayout } from "./AuthLayout";
import { useSecondFactor, useSignedIn } from "./use-sign-in";

const route = getRouteApi("/login");

export function LoginPage() {
  const { redirect } = route.useSearch();
  const onSignedIn = useSignedIn(redirect);
  const onSecondFactor = useSecondFactor(redirect);
  return (
    <AuthLayout
      title="Sign in"
      lead={
        <>
          No shop yet?{" "}
          <Link to="/register" search={{ redirect }} className="text-ink underline underline-offset-4">
            Open one
          </Link>
        </>
      }
    >
      <LoginForm
        onSignedIn={onSignedIn}
        onSecondFactor={onSecondFactor}
        forgotten={
          <Link
            to="/forgot-password"
            className="inline-flex min-h-11 items-center self-start text-sm underline underline-offset-4"
          >
            Forgotten?
          </Link>
        }
      />
      <OtherWays onSignedIn={onSignedIn} returnTo={`/seller${redirect ?? "/"}`} />
    </AuthLayout>
  );
}
