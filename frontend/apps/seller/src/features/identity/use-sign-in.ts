/** Signing in and out, and registering, which signs in at once. */
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
import { beginSession, endSession } from "./session";

async function signIn(body: LoginRequest): Promise<User> {
  return (await call(api.POST("/api/v1/auth/login", { body }))).user;
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({ mutationFn: signIn, onSuccess: (user) => beginSession(client, user) });
}

export function useRegister() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: RegisterRequest) => {
      const params = { header: { "Idempotency-Key": newIdempotencyKey() } };
      await call(api.POST("/api/v1/auth/register", { params, body }));
      return signIn({ email: body.email, password: body.password });
    },
    onSuccess: (user) => beginSession(client, user),
  });
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
