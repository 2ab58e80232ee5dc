/** What follows a sign-in, and signing out. */
import { api, call, type User } from "@carat/api-client";
import type { SecondFactor } from "@carat/identity";
import { toast } from "@carat/ui";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { beginSession, endSession } from "./session";

/** Goes on to where the seller was before signing in. */
export function useSignedIn(redirect: string | undefined) {
  const client = useQueryClient();
  const navigate = useNavigate();
  return (user: User) => {
    beginSession(client, user);
    void navigate({ href: redirect ?? "/", replace: true });
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
      await navigate({ to: "/login" });
      endSession(client);
    },
    onError: () => toast({ message: "Signing out did not work. Please try again." }),
  });
}
