/**
 * What an account's owner can do, one function each. Those that need a proof that is fresh ask for it themselves. The shapes of
 * what comes back are the API's own.
 */
import { api, call, type User } from "@carat/api-client";
import { queryOptions } from "@tanstack/react-query";
import { withFreshProof } from "./fresh-proof";
import { signedIn } from "./sign-in";
import { makePasskey, showPasskey } from "./webauthn";

type Rows<List extends (...args: never[]) => Promise<{ data: unknown[] }>> = Awaited<
  ReturnType<List>
>["data"][number];

const id = (value: string) => ({ params: { path: { id: value } } });

// Signing in
export async function sendSecondFactor(body: { challenge: string; code: string }): Promise<User> {
  return signedIn(await call(api.POST("/api/v1/auth/login/second-factor", { body })));
}

interface PasskeyUse {
  /** The challenge of a sign-in that waits for its second factor. */
  secondFactor?: string;
  purpose?: "step_up";
  mediation?: CredentialMediationRequirement;
  signal?: AbortSignal;
}

/** Signs in, or proves anew who is there, by a passkey. */
export async function signInByPasskey({ secondFactor, purpose, mediation, signal }: PasskeyUse = {}) {
  const asked = { ...(purpose && { purpose }), ...(secondFactor && { second_factor: secondFactor }) };
  const { challenge, options } = await call(
    api.POST("/api/v1/auth/passkey/options", { body: asked, signal }),
  );
  const credential = await showPasskey(options, { mediation, signal });
  return signedIn(await call(api.POST("/api/v1/auth/passkey", { body: { challenge, credential } })));
}

export const stepUp = (body: { password: string } | { code: string }) =>
  call(api.POST("/api/v1/auth/step-up", { body }));

export const forgetPassword = (email: string) =>
  call(api.POST("/api/v1/auth/password/forget", { body: { email } }));

export const resetPassword = (body: { token: string; password: string }) =>
  call(api.POST("/api/v1/auth/password/reset", { body }));

const listProviders = () => call(api.GET("/api/v1/auth/oauth"));
export const providersQuery = queryOptions({
  queryKey: ["sign-in-providers"],
  queryFn: async () => (await listProviders()).data,
  staleTime: Number.POSITIVE_INFINITY,
});

// Profile
export interface ProfileChange {
  name?: string | null;
  phone?: string | null;
  avatar_url?: string | null;
  shop_name?: string;
}

export const changeProfile = (body: ProfileChange) => call(api.PATCH("/api/v1/users/me", { body }));

export const changeEmail = (email: string) =>
  withFreshProof(() => call(api.PATCH("/api/v1/users/me", { body: { email } })));

export const confirmEmail = (code: string) =>
  call(api.POST("/api/v1/users/me/email/confirm", { body: { code } }));

export const keepOldEmail = () => call(api.DELETE("/api/v1/users/me/email"));

export const changePassword = (body: { current_password?: string; password: string }) =>
  withFreshProof(() => call(api.PUT("/api/v1/users/me/password", { body })));

// The authenticator app and the recovery codes
export const totpQuery = queryOptions({
  queryKey: ["account", "totp"],
  queryFn: () => call(api.GET("/api/v1/users/me/totp")),
});

export const startTotp = () => withFreshProof(() => call(api.POST("/api/v1/users/me/totp")));

export const confirmTotp = (code: string) =>
  call(api.POST("/api/v1/users/me/totp/confirm", { body: { code } }));

export const stopTotp = () => withFreshProof(() => call(api.DELETE("/api/v1/users/me/totp")));

export const recoveryCodesQuery = queryOptions({
  queryKey: ["account", "recovery-codes"],
  queryFn: () => call(api.GET("/api/v1/users/me/recovery-codes")),
});

export const renewRecoveryCodes = () =>
  withFreshProof(() => call(api.POST("/api/v1/users/me/recovery-codes")));

// Passkeys
const listPasskeys = () => call(api.GET("/api/v1/users/me/passkeys"));
export type Passkey = Rows<typeof listPasskeys>;
export const passkeysQuery = queryOptions({
  queryKey: ["account", "passkeys"],
  queryFn: async () => (await listPasskeys()).data,
});

export async function addPasskey(name: string): Promise<Passkey> {
  const { challenge, options } = await withFreshProof(() =>
    call(api.POST("/api/v1/users/me/passkeys/options")),
  );
  const credential = await makePasskey(options);
  return call(api.POST("/api/v1/users/me/passkeys", { body: { challenge, name, credential } }));
}

export const renamePasskey = (passkey: string, name: string) =>
  call(api.PATCH("/api/v1/users/me/passkeys/{id}", { ...id(passkey), body: { name } }));

export const removePasskey = (passkey: string) =>
  withFreshProof(() => call(api.DELETE("/api/v1/users/me/passkeys/{id}", id(passkey))));

// Providers that sign in
const listIdentities = () => call(api.GET("/api/v1/users/me/identities"));
export type LinkedIdentity = Rows<typeof listIdentities>;
export const identitiesQuery = queryOptions({
  queryKey: ["account", "identities"],
  queryFn: async () => (await listIdentities()).data,
});

export const unlinkIdentity = (identity: string) =>
  withFreshProof(() => call(api.DELETE("/api/v1/users/me/identities/{id}", id(identity))));

// Sessions
const listSessions = () => call(api.GET("/api/v1/auth/sessions"));
export type DeviceSession = Rows<typeof listSessions>;
export const sessionsQuery = queryOptions({
  queryKey: ["account", "sessions"],
  queryFn: async () => (await listSessions()).data,
});

export const endOneSession = (session: string) => call(api.DELETE("/api/v1/auth/sessions/{id}", id(session)));

export const endOtherSessions = () => call(api.DELETE("/api/v1/auth/sessions"));

// API keys
const listApiKeys = () => call(api.GET("/api/v1/users/me/api-keys"));
export type ApiKey = Rows<typeof listApiKeys>;
export type ApiKeyScope = ApiKey["scopes"][number];
export const apiKeysQuery = queryOptions({
  queryKey: ["account", "api-keys"],
  queryFn: async () => (await listApiKeys()).data,
});

export const createApiKey = (body: { name: string; scopes: ApiKeyScope[]; expires_at?: string }) =>
  withFreshProof(() => call(api.POST("/api/v1/users/me/api-keys", { body })));

export const revokeApiKey = (key: string) => call(api.DELETE("/api/v1/users/me/api-keys/{id}", id(key)));

// The data
export const exportData = (): Promise<Blob> =>
  withFreshProof(() => call(api.GET("/api/v1/users/me/export", { parseAs: "blob" })));

export const deleteAccount = () => withFreshProof(() => call(api.DELETE("/api/v1/users/me")));
