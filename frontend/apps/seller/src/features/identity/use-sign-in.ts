/** What follows a sign-in, and signing out. */
import { api, call, type User } from "@carat/api-client";
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

export function useSignOut() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => call(api.POST("/api/v1/auth/logout")),
    onSuccess: async () => {
      await navigate({ to: "/login" });
      endSession(client);
    },
  });
}
