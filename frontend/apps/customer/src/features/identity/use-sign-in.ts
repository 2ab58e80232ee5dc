/** Signing in, and registering, which signs in at once. */
import {
  api,
  call,
  type LoginRequest,
  newIdempotencyKey,
  type RegisterRequest,
  type User,
} from "@carat/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { beginSession } from "./session";

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: LoginRequest) => (await call(api.POST("/api/v1/auth/login", { body }))).user,
    onSuccess: (user) => beginSession(client, user),
  });
}

export function useRegister() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: RegisterRequest): Promise<User> => {
      const params = { header: { "Idempotency-Key": newIdempotencyKey() } };
      await call(api.POST("/api/v1/auth/register", { params, body }));
      const { email, password } = body;
      return (await call(api.POST("/api/v1/auth/login", { body: { email, password } }))).user;
    },
    onSuccess: (user) => beginSession(client, user),
  });
}

/** Goes back to where the visitor was before signing in. */
export function useGoBackTo(redirect: string | undefined) {
  const navigate = useNavigate();
  return () => navigate({ href: redirect ?? "/account", replace: true });
}
