/**
 * What an account's owner can do, one function each. Those that need a proof that is fresh ask for it themselves. The shapes of
 * what comes back are the API's own.
 */
import { api, call } from "@carat/api-client";
import { queryOptions } from "@tanstack/react-query";
import { withFreshProof } from "./fresh-proof";

type Rows<List extends (...args: never[]) => Promise<{ data: unknown[] }>> = Awaited<
  ReturnType<List>
>["data"][number];

const id = (value: string) => ({ params: { path: { id: value } } });

// Signing in
export const stepUp = (body: { password: string }) => call(api.POST("/api/v1/auth/step-up", { body }));

export const forgetPassword = (email: string) =>
  call(api.POST("/api/v1/auth/password/forget", { body: { email } }));

export const resetPassword = (body: { token: string; password: string }) =>
  call(api.POST("/api/v1/auth/password/reset", { body }));

// Profile
export const changePassword = (body: { current_password?: string; password: string }) =>
  withFreshProof(() => call(api.PUT("/api/v1/users/me/password", { body })));

// Sessions
const listSessions = () => call(api.GET("/api/v1/auth/sessions"));
export type DeviceSession = Rows<typeof listSessions>;
export const sessionsQuery = queryOptions({
  queryKey: ["account", "sessions"],
  queryFn: async () => (await listSessions()).data,
});

export const endOneSession = (session: string) => call(api.DELETE("/api/v1/auth/sessions/{id}", id(session)));

export const endOtherSessions = () => call(api.DELETE("/api/v1/auth/sessions"));
