/**
 * One cache for the whole app. A request that failed for a passing reason is tried once more; a refusal is not. Without a connection
 * a request fails and says so, rather than wait unseen.
 */
import { toProblem } from "@carat/api-client";
import { QueryClient } from "@tanstack/react-query";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: "always",
      staleTime: 30_000,
      retry: (failures, error) => failures < 1 && toProblem(error).isTemporary,
      retryDelay: 1_000,
    },
    mutations: { networkMode: "always", retry: false },
  },
});
