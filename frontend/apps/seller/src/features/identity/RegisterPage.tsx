/** Opening a shop. The seller is signed in at once; the e-mail address is verified on the next page. */
import { RegisterForm } from "@carat/identity";
import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { AuthLayout } from "./AuthLayout";
import { beginSession } from "./session";

const route = getRouteApi("/register");

export function RegisterPage() {
  const { redirect } = route.useSearch();
  const client = useQueryClient();
  const navigate = useNavigate();
  return (
    <AuthLayout
      title="Open your shop"
      lead={
        <>
          Selling already?{" "}
          <Link to="/login" search={{ redirect }} className="text-ink underline underline-offset-4">
            Sign in
          </Link>
        </>
      }
    >
      <RegisterForm
        kind="seller"
        submitLabel="Open the shop"
        onRegistered={(user) => {
          beginSession(client, user);
          void navigate({ to: "/verify", search: { redirect }, replace: true });
        }}
        signInInstead={
          <Link to="/login" search={{ redirect }} className="underline underline-offset-4">
            Sign in instead
          </Link>
        }
      />
    </AuthLayout>
  );
}
