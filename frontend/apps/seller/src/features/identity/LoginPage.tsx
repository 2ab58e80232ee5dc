/** Signing in; afterwards one is where one was. */
import { LoginForm } from "@carat/identity";
import { getRouteApi, Link } from "@tanstack/react-router";
import { AuthLayout } from "./AuthLayout";
import { useSignedIn } from "./use-sign-in";

const route = getRouteApi("/login");

export function LoginPage() {
  const { redirect } = route.useSearch();
  const onSignedIn = useSignedIn(redirect);
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
      <LoginForm onSignedIn={onSignedIn} onSecondFactor={() => {}} />
    </AuthLayout>
  );
}
