/**
 * Lets sellers in. Everybody else is led to where they can become one: to sign in, to verify the address, or to a page that says
 * that a customer's account has no shop. Whoever is let in keeps their page when the session ends.
 */
import { toProblem } from "@carat/api-client";
import { ErrorState } from "@carat/ui";
import { useQuery } from "@tanstack/react-query";
import { Navigate, useLocation } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { sessionQuery, useExpired } from "../features/identity/session";
import { Shell, ShellSkeleton } from "./Shell";

const SignInAgain = lazy(() => import("../features/identity/SignInAgain"));
const NotSellerPage = lazy(async () => ({
  default: (await import("../features/identity/NotSellerPage")).NotSellerPage,
}));

export function Guard() {
  const session = useQuery(sessionQuery);
  const expired = useExpired();
  const user = session.data;

  if (session.isPending) return <ShellSkeleton />;
  if (session.isError && !user) {
    const { message, requestId } = toProblem(session.error);
    return <ErrorState message={message} requestId={requestId} onRetry={() => void session.refetch()} />;
  }
  if (!user) return <LeadAway to="/login" />;
  if (user.role === "customer") {
    return (
      <Suspense>
        <NotSellerPage email={user.email} />
      </Suspense>
    );
  }
  if (!user.email_verified) return <LeadAway to="/verify" />;
  return (
    <>
      <Shell user={user} />
      {expired && (
        <Suspense>
          <SignInAgain user={user} />
        </Suspense>
      )}
    </>
  );
}

/** Leads to another page, which leads back to this one. On the way the address changes; the page to come back to doesn't. */
function LeadAway({ to }: { to: "/login" | "/verify" }) {
  const here = useLocation({ select: ({ href }) => href });
  const [redirect] = useState(here);
  return <Navigate to={to} search={{ redirect }} replace />;
}
