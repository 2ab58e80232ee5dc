/** The way back into an account whose password is forgotten. */
import { ForgotForm } from "@carat/identity";
import { Link } from "@tanstack/react-router";
import { usePageTitle } from "../../app/page-title";
import { AuthLayout } from "./AuthLayout";

export function ForgotPasswordPage() {
  usePageTitle("Forgotten password");
  return (
    <AuthLayout
      title="Forgotten password"
      lead={
        <>
          Tell us your e-mail address, and we send you the way to a new one. Remembered it?{" "}
          <Link to="/login" className="text-ink underline underline-offset-4">
            Sign in
          </Link>
        </>
      }
    >
      <ForgotForm size="large" />
    </AuthLayout>
  );
}
