/** Where a new password is chosen, with the token of the mail. */
import { ResetForm } from "@carat/identity";
import { getRouteApi, Link, Navigate } from "@tanstack/react-router";
import { AuthLayout } from "./AuthLayout";

const route = getRouteApi("/reset-password");
const link = "underline underline-offset-4";

export function ResetPasswordPage() {
  const { token } = route.useSearch();
  if (!token) return <Navigate to="/forgot-password" replace />;
  return (
    <AuthLayout title="New password" lead="Choose one that you use nowhere else.">
      <ResetForm
        token={token}
        signIn={
          <Link to="/login" search={{}} replace className={link}>
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
