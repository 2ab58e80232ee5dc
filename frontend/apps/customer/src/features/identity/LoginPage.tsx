/** Signing in; afterwards one is where one was. */
import { LoginForm } from "@carat/identity";
import { getRouteApi, Link } from "@tanstack/react-router";
import { usePageTitle } from "../../app/page-title";
import { AuthLayout } from "./AuthLayout";
import { useSignedIn } from "./use-sign-in";

const route = getRouteApi("/login");

export function LoginPage() {
  const { redirect } = route.useSearch();
  return <SignInView redirect={redirect} />;
}

/** The sign-in, wherever it stands: on its own page, or in the place of one that needs it. */
export function SignInView({ redirect }: { redirect: string | undefined }) {
  usePageTitle("Sign in");
  const onSignedIn = useSignedIn(redirect);
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
      <LoginForm
        size="large"
        onSignedIn={onSignedIn}
        onSecondFactor={() => {}}
        forgotten={
          <Link
            to="/forgot-password"
            className="inline-flex min-h-11 items-center self-start text-sm underline underline-offset-4"
          >
            Forgotten?
          </Link>
        }
      />
    </AuthLayout>
  );
}
