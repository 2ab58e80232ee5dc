/**
 * Who is signed in. The session itself is two HttpOnly cookies that no script can see; the API client keeps them alive, and
 * remembers that there is one, so that visitors without an account are not asked about at every page.
 */
import {
  api,
  call,
  forgetSession,
  hasSession,
  onSignedInElsewhere,
  onSignedOut,
  toProblem,
  type User,
} from "@carat/api-client";
import { type QueryClient, queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async ({ signal }): Promise<User | null> => {
    if (!hasSession()) return null;
    try {
      return await call(api.GET("/api/v1/users/me", { signal }));
    } catch (error) {
      if (toProblem(error).status !== 401) throw error;
      return null;
    }
  },
  staleTime: 60_000,
});

export function useSession() {
  const { data, isPending } = useQuery(sessionQuery);
  return { user: data ?? undefined, isLoading: isPending };
}

/** The one who is signed in. Only for the account's pages, which are shown to nobody else. */
export function useUser(): User {
  const { user } = useSession();
  if (!user) throw new Error("This page needs someone who is signed in.");
  return user;
}

/** Takes in what the owner of the account has changed about themselves. */
export function useChangedUser() {
  const client = useQueryClient();
  return (user: User) => client.setQueryData(sessionQuery.queryKey, user);
}

export function beginSession(client: QueryClient, user: User) {
  setSignedOut(false);
  client.setQueryData(sessionQuery.queryKey, user);
  void client.invalidateQueries({ queryKey: ["cart"] });
}

/** Forgets everything that only the owner of the account may see. Their cart is there again after signing in. */
export function endSession(client: QueryClient) {
  forgetSession();
  client.setQueryData(sessionQuery.queryKey, null);
  for (const owned of ["orders", "account"]) client.removeQueries({ queryKey: [owned] });
  void client.invalidateQueries({ queryKey: ["cart"] });
}

/** The server, or another tab, said that the session is over, or that there is one: the pages follow. */
export function followSession(client: QueryClient) {
  onSignedOut(() => {
    endSession(client);
    setSignedOut(true);
  });
  onSignedInElsewhere(() => {
    setSignedOut(false);
    void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
    void client.invalidateQueries({ queryKey: ["cart"] });
  });
}

let signedOut = false;
const listeners = new Set<() => void>();

export function setSignedOut(now: boolean) {
  signedOut = now;
  for (const listener of listeners) listener();
}

/** Whether the session ended without the visitor's doing, and they have not been told yet. */
export function useSignedOut(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => signedOut,
  );
}
