/** The six digits that came by e-mail, and another mail after a short wait. Without a known address it asks for that, too. */
import { api, call, toProblem, type User } from "@carat/api-client";
import { Button, CodeField, Input, Notice, ProblemNotice } from "@carat/ui";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useCountdown } from "./use-countdown";

const waitForNextMail = 60;

interface Props {
  /** The address of whoever is signed in. */
  email: string | undefined;
  onVerified: (user: User) => void;
}

export function VerifyForm({ email: knownEmail, onVerified }: Props) {
  const [typedEmail, setTypedEmail] = useState("");
  const [code, setCode] = useState("");
  const [wait, startWaiting] = useCountdown();
  const email = knownEmail ?? typedEmail.trim();

  const verify = useMutation({
    mutationFn: (digits: string) =>
      call(api.POST("/api/v1/auth/verify-email", { body: { email, code: digits } })),
    onSuccess: onVerified,
    onError: () => setCode(""),
  });
  const resend = useMutation({
    mutationFn: () => call(api.POST("/api/v1/auth/resend-verification", { body: { email } })),
    onSuccess: () => {
      startWaiting(waitForNextMail);
      setCode("");
      verify.reset();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (email && code) verify.mutate(code);
  };

  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      {knownEmail === undefined && (
        <Input
          label="E-mail"
          type="email"
          autoComplete="username"
          required
          value={typedEmail}
          onChange={(event) => setTypedEmail(event.target.value)}
        />
      )}
      <CodeField
        label="Six-digit code"
        value={code}
        onChange={setCode}
        onComplete={(digits) => email && verify.mutate(digits)}
      />
      <ProblemNotice problem={verify.error ? toProblem(verify.error) : undefined} />
      <ProblemNotice problem={resend.error ? toProblem(resend.error) : undefined} />
      {resend.isSuccess && (
        <Notice tone="success">A new code is on its way. Only the newest one counts.</Notice>
      )}
      <div className="flex flex-wrap gap-3">
        <Button type="submit" pending={verify.isPending}>
          Verify
        </Button>
        <Button
          variant="quiet"
          pending={resend.isPending}
          disabled={wait > 0}
          onClick={() => email && resend.mutate()}
        >
          {wait > 0 ? `Send again in ${wait} s` : "Send a new code"}
        </Button>
      </div>
    </form>
  );
}
