/**
 * Asks for one proof that people are who they say: a passkey, the password, six digits of their authenticator, or one of the
 * codes that they wrote down. One way at a time, the others a click away. It knows nothing of what the proof is for.
 */
import type { Problem } from "@carat/api-client";
import { Button, CodeField, Input, PasswordInput, ProblemNotice } from "@carat/ui";
import { KeyRound } from "lucide-react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import type { ProofMethod } from "./proof";

export type Proof = { password: string } | { code: string } | { passkey: true };

interface Props {
  methods: ProofMethod[];
  onProof: (proof: Proof) => void;
  pending: boolean;
  problem: Problem | undefined;
  /** For the password manager, where a password is asked for. */
  email?: string;
  submitLabel?: string;
}

const others: Record<ProofMethod, string> = {
  passkey: "Use a passkey",
  password: "Use your password",
  totp: "Use your authenticator app",
  recovery_code: "Use a recovery code",
};

export function ProofForm({ methods, onProof, pending, problem, email, submitLabel = "Continue" }: Props) {
  const [chosen, setChosen] = useState<ProofMethod>();
  const [text, setText] = useState("");
  const form = useRef<HTMLFormElement>(null);
  const method = chosen ?? methods[0] ?? "password";

  // What is wrong is typed anew, and the keyboard is where it is typed.
  useEffect(() => {
    if (!problem) return;
    setText("");
    form.current?.querySelector<HTMLElement>("input:not([readonly])")?.focus();
  }, [problem]);
  const choose = (other: ProofMethod) => {
    setChosen(other);
    setText("");
    requestAnimationFrame(() =>
      form.current?.querySelector<HTMLElement>("input:not([readonly]), button[type=submit]")?.focus(),
    );
  };
  const prove = (typed: string) => {
    if (method === "passkey") onProof({ passkey: true });
    else if (typed.trim()) onProof(method === "password" ? { password: typed } : { code: typed.trim() });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    prove(text);
  };

  return (
    <form ref={form} onSubmit={submit} noValidate className="flex flex-col gap-5">
      {method === "passkey" && (
        <p className="text-[0.9375rem] text-muted">
          Your device will ask for your fingerprint, your face or its own code.
        </p>
      )}
      {method === "password" && (
        <>
          {email && (
            <input
              type="email"
              autoComplete="username"
              value={email}
              readOnly
              aria-label="E-mail"
              className="sr-only"
              tabIndex={-1}
            />
          )}
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </>
      )}
      {method === "totp" && (
        <CodeField
          label="Six-digit code"
          hint="It is in your authenticator app, and changes every 30 seconds."
          value={text}
          onChange={setText}
          onComplete={prove}
        />
      )}
      {method === "recovery_code" && (
        <Input
          label="Recovery code"
          hint="One of the codes that you wrote down, like 7hq2x-m4kd9. Each is good once."
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      <ProblemNotice problem={problem} />
      <Button type="submit" pending={pending} className="self-start">
        {method === "passkey" && <KeyRound aria-hidden="true" size={18} strokeWidth={1.5} />}
        {method === "passkey" ? "Use your passkey" : submitLabel}
      </Button>
      {methods.length > 1 && (
        <ul aria-label="Other ways" className="flex flex-col items-start border-t border-line pt-2">
          {methods
            .filter((other) => other !== method)
            .map((other) => (
              <li key={other}>
                <button
                  type="button"
                  className="min-h-11 text-[0.9375rem] underline decoration-1 underline-offset-4"
                  onClick={() => choose(other)}
                >
                  {others[other]}
                </button>
              </li>
            ))}
        </ul>
      )}
    </form>
  );
}
