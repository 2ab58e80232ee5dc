/** The six digits that came by e-mail, and another mail after a short wait. */
import { api, call, toProblem } from "@carat/api-client";
import { Button, CodeField, Notice, ProblemNotice } from "@carat/ui";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Navigate, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { AuthLayout } from "./AuthLayout";
import { beginSession, sessionQuery } from "./session";
import { useCountdown } from "./use-countdown";
import { useSignOut } from "./use-sign-in";

const route = getRouteApi("/verify");
const waitForNextMail = 60;

export function VerifyPage() {
  const { redirect } = route.useSearch();
  const session = useQuery(sessionQuery);
  if (session.isPending) return <AuthLayout title="Verify your e-mail address" />;
  if (!session.data) return <Navigate to="/login" search={{ redirect }} replace />;
  return <VerifyForm email={session.data.email} redirect={redirect} />;
}

function VerifyForm({ email, redirect }: { email: string; redirect: string | undefined }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const [code, setCode] = useState("");
  const [wait, startWaiting] = useCountdown();

  const verify = useMutation({
    mutationFn: (digits: string) =>
      call(api.POST("/api/v1/auth/verify-email", { body: { email, code: digits } })),
    onSuccess: (user) => {
      beginSession(client, user);
      void navigate({ href: redirect ?? "/", replace: true });
    },
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
    if (code) verify.mutate(code);
  };

  return (
    <AuthLayout
      title="Verify your e-mail address"
      lead={
        <>
          We sent six digits to <strong className="break-all text-ink">{email}</strong>. They are good for 15
          minutes.
        </>
      }
    >
      <form onSubmit={submit} className="flex flex-col gap-5">
        <CodeField
          label="Six-digit code"
          value={code}
          onChange={setCode}
          onComplete={(digits) => verify.mutate(digits)}
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
            variant="secondary"
            pending={resend.isPending}
            disabled={wait > 0}
            onClick={() => resend.mutate()}
          >
            {wait > 0 ? `Send again in ${wait} s` : "Send a new code"}
          </Button>
        </div>
        <p className="text-sm text-muted">
          Not your address?{" "}
          <button type="button" className="underline underline-offset-4" onClick={() => signOut.mutate()}>
            Sign out
          </button>
        </p>
      </form>
    </AuthLayout>
  );
}
