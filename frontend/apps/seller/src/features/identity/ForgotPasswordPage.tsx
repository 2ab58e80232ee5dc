/** The way back into an account whose password is forgotten. */
import { ForgotForm } from "@carat/identity";
import { Link } from "@tanstack/react-router";
import { AuthLayout } from "./AuthLayout";

export function ForgotPasswordPage() {
  return (
    <AuthLayout
      title="Forgotten password"
      lead={
        <>
          Tell us your e-mail address, and we send you the way to a new one. Remembered it?{" "}
          <Link to="/login" search={{}} className="text-ink underline underline-offset-4">
            Sign in
          </Link>
        </>
      }
    >
      <ForgotForm />
    </AuthLayout>
  );
}
