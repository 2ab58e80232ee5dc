/** Signing in and registering: what the server answers, and what this browser remembers of it. */
import {
  api,
  call,
  type LoginRequest,
  newIdempotencyKey,
  type RegisterRequest,
  rememberSession,
  type User,
} from "@carat/api-client";
import type { SecondFactor } from "./proof";

/** The person is signed in, or has to show a second thing that only they have. */
export type SignInOutcome = { user: User } | { secondFactor: SecondFactor };

interface SignedIn {
  user: User;
  expires_in: number;
}

type Answer = SignedIn | { second_factor: SecondFactor };

/** A session has begun: this browser remembers until when its token is good, and nothing else. */
export function signedIn({ user, expires_in }: SignedIn): User {
  rememberSession(expires_in);
  return user;
}

export async function signIn(body: LoginRequest): Promise<SignInOutcome> {
  const answer = (await call(api.POST("/api/v1/auth/login", { body }))) as Answer;
  return "second_factor" in answer ? { secondFactor: answer.second_factor } : { user: signedIn(answer) };
}

/** Makes an account, and signs in to it. */
export async function register(body: RegisterRequest): Promise<SignInOutcome> {
  const params = { header: { "Idempotency-Key": newIdempotencyKey() } };
  await call(api.POST("/api/v1/auth/register", { params, body }));
  return signIn({ email: body.email, password: body.password });
}
