/** The six digits that came by e-mail. Signed in or not: then the address is asked for, too. */
import { api, call, toProblem } from "@carat/api-client";
import { Button, CodeField, Input, Notice, ProblemNotice } from "@carat/ui";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { usePageTitle } from "../../app/page-title";
import { AuthLayout } from "./AuthLayout";
import { beginSession, useSession } from "./session";
import { useGoBackTo } from "./use-sign-in";

const route = getRouteApi("/verify");

export function VerifyPage() {
  usePageTitle("Verify your e-mail address");
  const { redirect } = route.useSearch();
  const { user } = useSession();
  const client = useQueryClient();
  const goBack = useGoBackTo(redirect);
  const [typedEmail, setTypedEmail] = useState("");
  const [code, setCode] = useState("");
  const email = user?.email ?? typedEmail.trim();

  const verify = useMutation({
    mutationFn: (digits: string) =>
      call(api.POST("/api/v1/auth/verify-email", { body: { email, code: digits } })),
    onSuccess: (verified) => {
      if (user) beginSession(client, verified);
      void goBack();
    },
    onError: () => setCode(""),
  });
  const resend = useMutation({
    mutationFn: () => call(api.POST("/api/v1/auth/resend-verification", { body: { email } })),
    onSuccess: () => {
      setCode("");
      verify.reset();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (email && code) verify.mutate(code);
  };

  return (
    <AuthLayout
      title="Verify your e-mail address"
      lead={
        <>
          We sent six digits to{" "}
          {user ? <strong className="text-ink">{user.email}</strong> : "your e-mail address"}. They are good
          for 15 minutes.
        </>
      }
    >
      <form onSubmit={submit} className="flex flex-col gap-5">
        {!user && (
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
          <Button variant="quiet" pending={resend.isPending} onClick={() => email && resend.mutate()}>
            Send a new code
          </Button>
        </div>
      </form>
    </AuthLayout>
  );
}
