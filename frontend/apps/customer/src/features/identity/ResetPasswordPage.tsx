/** Where the mail about a forgotten password leads: a new one is chosen. */
import { ResetForm } from "@carat/identity";
import { getRouteApi, Link, Navigate } from "@tanstack/react-router";
import { usePageTitle } from "../../app/page-title";
import { AuthLayout } from "./AuthLayout";

const route = getRouteApi("/reset-password");
const link = "underline underline-offset-4";

export function ResetPasswordPage() {
  usePageTitle("New password");
  const { token } = route.useSearch();
  if (!token) return <Navigate to="/forgot-password" replace />;
  return (
    <AuthLayout title="New password" lead="Choose one that you use nowhere else.">
      <ResetForm
        size="large"
        token={token}
        signIn={
          <Link to="/login" replace className={link}>
            Sign in with it
          </Link>
        }
        askAgain={
          <Link to="/forgot-password" replace className={link}>
            Ask for another
          </Link>
        }
      />
    </AuthLayout>
  );
}
