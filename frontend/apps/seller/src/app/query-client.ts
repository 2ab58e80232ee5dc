/** One cache for the whole app. A request that failed for a passing reason is tried once more; a refusal is not. */
import { toProblem } from "@carat/api-client";
import { QueryClient } from "@tanstack/react-query";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (failures, error) => failures < 1 && toProblem(error).isTemporary,
      retryDelay: 1_000,
    },
    mutations: { retry: false },
  },
});
