/** The session has ended while somebody works. They sign in above their page, which stays as it is with all that was typed. */
import { toProblem, type User } from "@carat/api-client";
import { type SecondFactor, SecondFactorForm, signIn } from "@carat/identity";
import { Button, Dialog, Input, PasswordInput, ProblemNotice } from "@carat/ui";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { beginSession, setExpired } from "./session";

export default function SignInAgain({ user }: { user: User }) {
  const client = useQueryClient();
  const [factor, setFactor] = useState<SecondFactor>();
  const onSignedIn = (again: User) => {
    beginSession(client, again);
    void client.invalidateQueries();
  };
  return (
    <Dialog open onClose={() => setExpired(false)} title="Please sign in again">
      {factor ? (
        <SecondFactorForm
          challenge={factor.challenge}
          methods={factor.methods}
          onSignedIn={onSignedIn}
          startAgain={
            <button
              type="button"
              className="underline underline-offset-4"
              onClick={() => setFactor(undefined)}
            >
              Begin with the password
            </button>
          }
        />
      ) : (
        <PasswordForm email={user.email} onSignedIn={onSignedIn} onSecondFactor={setFactor} />
      )}
    </Dialog>
  );
}

interface Props {
  email: string;
  onSignedIn: (user: User) => void;
  onSecondFactor: (factor: SecondFactor) => void;
}

function PasswordForm({ email, onSignedIn, onSecondFactor }: Props) {
  const [password, setPassword] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const again = useMutation({
    mutationFn: signIn,
    onSuccess: (outcome) =>
      "user" in outcome ? onSignedIn(outcome.user) : onSecondFactor(outcome.secondFactor),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    again.mutate({ email, password });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <p className="text-[0.9375rem] text-muted">
        Your session has ended. Nothing is lost: this page stays as it is, with everything you typed.
      </p>
      <Input label="E-mail" type="email" autoComplete="username" value={email} readOnly />
      <PasswordInput
        label="Password"
        autoComplete="current-password"
        required
        ref={field}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <ProblemNotice problem={again.error ? toProblem(again.error) : undefined} />
      <Button type="submit" pending={again.isPending}>
        Sign in
      </Button>
    </form>
  );
}
