/** Says so when the session has ended without the visitor's doing, and leads back to this page after signing in. */
import { Button } from "@carat/ui";
import { Link, useLocation } from "@tanstack/react-router";
import { setSignedOut, useSignedOut } from "../features/identity/session";

export function SignedOutNotice() {
  const signedOut = useSignedOut();
  const here = useLocation({ select: ({ href }) => href });
  return (
    <div role="status">
      {signedOut && (
        <div className="border-b border-line bg-warning-soft">
          <div className="shell flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
            <p className="mr-auto py-2 text-[0.9375rem] text-warning">
              You have been signed out. Your bag is as you left it.
            </p>
            <Link
              to="/login"
              search={here.startsWith("/login") ? {} : { redirect: here }}
              className="inline-flex min-h-11 items-center font-medium underline underline-offset-4"
            >
              Sign in
            </Link>
            <Button variant="quiet" onClick={() => setSignedOut(false)}>
              Dismiss
            </Button>
          </div>
        </div>
      )}
    </div>
  );
}
