/** What follows a sign-in: the pages know who it is, and one is where one was. */
import type { User } from "@carat/api-client";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { beginSession } from "./session";

/** Where one goes who came from nowhere in particular. */
export const defaultTarget = "/account";

/** Goes back to where the visitor was before signing in. */
export function useGoBackTo(redirect: string | undefined) {
  const navigate = useNavigate();
  return () => navigate({ href: redirect ?? defaultTarget, replace: true });
}

export function useSignedIn(redirect: string | undefined) {
  const client = useQueryClient();
  const goBack = useGoBackTo(redirect);
  return (user: User) => {
    beginSession(client, user);
    void goBack();
  };
}
