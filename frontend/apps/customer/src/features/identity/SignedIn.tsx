/** Shows its content to whoever is signed in, and the sign-in form in its place to everyone else. */
import type { User } from "@carat/api-client";
import { Skeleton } from "@carat/ui";
import { useLocation } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { SignInView } from "./LoginPage";
import { useSession } from "./session";

export function SignedIn({ children }: { children: (user: User) => ReactNode }) {
  const { user, isLoading } = useSession();
  const here = useLocation({ select: ({ href }) => href });
  if (isLoading) {
    return (
      <div className="shell max-w-4xl pt-12" role="status" aria-label="Loading your account">
        <Skeleton className="h-12 w-64" />
        <Skeleton className="mt-8 h-40 w-full" />
      </div>
    );
  }
  return user ? children(user) : <SignInView redirect={here} />;
}
