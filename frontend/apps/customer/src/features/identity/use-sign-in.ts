/** What follows a sign-in: the pages know who it is, and one is where one was. */
import { api, call, type User } from "@carat/api-client";
import type { SecondFactor } from "@carat/identity";
import { toast } from "@carat/ui";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { beginSession, endSession } from "./session";

/** Where one goes who came from nowhere in particular. */
export const defaultTarget = "/account";

/** Goes back to where the visitor was before signing in. */
export function useGoBackTo(redirect: string | undefined) {
  const navigate = useNavigate();
  return () => {
    // Sellers come by here from a provider's page; their app is another one.
    if (redirect && /^\/seller(?:[/?#]|$)/.test(redirect)) return globalThis.location.replace(redirect);
    return navigate({ href: redirect ?? defaultTarget, replace: true });
  };
}

export function useSignedIn(redirect: string | undefined) {
  const client = useQueryClient();
  const goBack = useGoBackTo(redirect);
  return (user: User) => {
    beginSession(client, user);
    void goBack();
  };
}

/** Goes on to the second step. */
export function useSecondFactor(redirect: string | undefined) {
  const navigate = useNavigate();
  return ({ challenge, methods }: SecondFactor) =>
    void navigate({ to: "/login/second-factor", search: { challenge, methods, redirect } });
}

export function useSignOut() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => call(api.POST("/api/v1/auth/logout")),
    onSuccess: async () => {
      await navigate({ to: "/" });
      endSession(client);
      toast({ message: "You are signed out." });
    },
    onError: () => toast({ message: "Signing out did not work. Please try again." }),
  });
}
