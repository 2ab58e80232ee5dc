/**
 * Who is signed in. The session is an HttpOnly cookie that no script can see; this browser only remembers that there was one.
 * When it ends while somebody works, they stay where they are and sign in again above their work: see SignInAgain.
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
  queryFn: async ({ client, signal }): Promise<User | null> => {
    const known = client.getQueryData<User | null>(["session"]);
    if (!known && !hasSession()) return null;
    try {
      return await call(api.GET("/api/v1/users/me", { signal }));
    } catch (error) {
      if (toProblem(error).status !== 401) throw error;
      return known ?? null;
    }
  },
  staleTime: 60_000,
});

/** Who is signed in. Only for pages inside the guard, which are shown to nobody else. */
export function useUser(): User {
  const { data } = useQuery(sessionQuery);
  if (!data) throw new Error("This page needs somebody who is signed in.");
  return data;
}

/** Takes over what the server answered after a change of one's own account. */
export function useChangedUser(): (user: User) => void {
  const client = useQueryClient();
  return (user) => client.setQueryData(sessionQuery.queryKey, user);
}

export function beginSession(client: QueryClient, user: User) {
  const before = client.getQueryData(sessionQuery.queryKey);
  if (before && before.id !== user.id) client.clear();
  setExpired(false);
  client.setQueryData(sessionQuery.queryKey, user);
}

export function endSession(client: QueryClient) {
  forgetSession();
  setExpired(false);
  client.clear();
  client.setQueryData(sessionQuery.queryKey, null);
}

let expired = false;
const listeners = new Set<() => void>();

export function setExpired(now: boolean) {
  expired = now;
  for (const listener of listeners) listener();
}

export function useExpired(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => expired,
  );
}

/**
 * The server, or another tab, said that the session is over: whoever was signed in is asked to sign in again. Or that there is one
 * again: then this tab goes on with it.
 */
export function followSession(client: QueryClient) {
  onSignedOut(() => {
    if (client.getQueryData(sessionQuery.queryKey)) setExpired(true);
  });
  onSignedInElsewhere(() => {
    setExpired(false);
    void client.invalidateQueries();
  });
}
