/** How the server is asked about users, and told what an administrator changes. */
import { api, call, type UpdateAdminUserRequest } from "@carat/api-client";
import { withFreshProof } from "@carat/identity";
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { UserSearch } from "./list-search";

export const userPage = 25;

export const userList = (search: UserSearch, limit = userPage) =>
  queryOptions({
    queryKey: ["users", "list", search, limit],
    queryFn: ({ signal }) =>
      call(api.GET("/api/v1/admin/users", { params: { query: { ...search, limit } }, signal })),
    placeholderData: keepPreviousData,
  });

/** The first few whose name, address or shop fits, for the palette and the pickers. */
export const userFinder = (q: string) =>
  queryOptions({
    queryKey: ["users", "find", q],
    queryFn: async ({ signal }) =>
      (
        await call(
          api.GET("/api/v1/admin/users", { params: { query: { q: q || undefined, limit: 8 } }, signal }),
        )
      ).data,
    placeholderData: keepPreviousData,
  });

export const userQuery = (id: string) =>
  queryOptions({
    queryKey: ["users", "one", id],
    queryFn: ({ signal }) => call(api.GET("/api/v1/admin/users/{id}", { params: { path: { id } }, signal })),
  });

export function useUpdateUser(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: UpdateAdminUserRequest) =>
      withFreshProof(() => call(api.PATCH("/api/v1/admin/users/{id}", { params: { path: { id } }, body }))),
    onSuccess: (user) => {
      client.setQueryData(userQuery(id).queryKey, user);
      void client.invalidateQueries({ queryKey: ["users", "list"] });
      void client.invalidateQueries({ queryKey: ["security-log"] });
    },
  });
}

export function useEndSessions(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      withFreshProof(() =>
        call(api.DELETE("/api/v1/admin/users/{id}/sessions", { params: { path: { id } } })),
      ),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["users"] });
      void client.invalidateQueries({ queryKey: ["security-log"] });
    },
  });
}
