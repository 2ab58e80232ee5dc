/**
 * Who is signed in. The session itself is an HttpOnly cookie that no script can see; this browser only remembers that there was
 * one, so that visitors without an account are not asked about at every page.
 */
import { api, call, onSignedOut, toProblem, type User } from "@carat/api-client";
import { type QueryClient, queryOptions, useQuery } from "@tanstack/react-query";

const hint = "carat.signed-in";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async ({ signal }): Promise<User | null> => {
    if (!wasSignedIn()) return null;
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

export function beginSession(client: QueryClient, user: User) {
  localStorage.setItem(hint, "yes");
  client.setQueryData(sessionQuery.queryKey, user);
  void client.invalidateQueries({ queryKey: ["cart"] });
}

/** Forgets everything that only the owner of the account may see. Their cart is there again after signing in. */
export function endSession(client: QueryClient) {
  localStorage.removeItem(hint);
  client.setQueryData(sessionQuery.queryKey, null);
  client.removeQueries({ queryKey: ["orders"] });
  void client.invalidateQueries({ queryKey: ["cart"] });
}

/** The server said that the session is over: the pages follow. */
export function endSessionOnSignedOut(client: QueryClient) {
  onSignedOut(() => endSession(client));
}

function wasSignedIn(): boolean {
  try {
    return localStorage.getItem(hint) !== null;
  } catch {
    return false;
  }
}
