/** The session has ended while somebody works. They sign in above their page, which stays as it is with all that was typed. */
import { toProblem, type User } from "@carat/api-client";
import { Button, Dialog, Input, ProblemNotice } from "@carat/ui";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { setExpired } from "./session";
import { useSignIn } from "./use-sign-in";

export default function SignInAgain({ user }: { user: User }) {
  const client = useQueryClient();
  const signIn = useSignIn();
  const [password, setPassword] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ email: user.email, password }, { onSuccess: () => void client.invalidateQueries() });
  };
  return (
    <Dialog open onClose={() => setExpired(false)} title="Please sign in again">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <p className="text-[0.9375rem] text-muted">
          Your session has ended. Nothing is lost: this page stays as it is, with everything you typed.
        </p>
        <Input label="E-mail" type="email" autoComplete="username" value={user.email} readOnly />
        <Input
          label="Password"
          type="password"
          autoComplete="current-password"
          required
          ref={field}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <ProblemNotice problem={signIn.error ? toProblem(signIn.error) : undefined} />
        <Button type="submit" pending={signIn.isPending}>
          Sign in
        </Button>
      </form>
    </Dialog>
  );
}
