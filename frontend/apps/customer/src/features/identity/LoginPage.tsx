/** Signing in; afterwards one is where one was. */
import { LoginForm, OtherWays, signInError } from "@carat/identity";
import { Notice } from "@carat/ui";
import { getRouteApi, Link } from "@tanstack/react-router";
import { usePageTitle } from "../../app/page-title";
import { AuthLayout } from "./AuthLayout";
import { defaultTarget, useSecondFactor, useSignedIn } from "./use-sign-in";

const route = getRouteApi("/login");

export function LoginPage() {
  const { redirect, error } = route.useSearch();
  return <SignInView redirect={redirect} error={error} />;
}

/** The sign-in, wherever it stands: on its own page, or in the place of one that needs it. */
export function SignInView({ redirect, error }: { redirect: string | undefined; error?: string }) {
  usePageTitle("Sign in");
  const onSignedIn = useSignedIn(redirect);
  const onSecondFactor = useSecondFactor(redirect);
  const refusal = signInError(error);
  return (
    <AuthLayout
      title="Sign in"
      lead={
        <>
          New here?{" "}
          <Link to="/register" search={{ redirect }} className="text-ink underline underline-offset-4">
            Make an account
          </Link>
        </>
      }
    >
      {refusal && (
        <Notice tone="danger" className="mb-6">
          {refusal}
        </Notice>
      )}
      <LoginForm
        size="large"
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
      <OtherWays size="large" onSignedIn={onSignedIn} returnTo={redirect ?? defaultTarget} />
    </AuthLayout>
  );
}
