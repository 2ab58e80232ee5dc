/**
 * The simple page for gift cards: a code, what it is worth, and one button that takes it into the balance. Whoever has to sign in
 * first finds the code here when they come back. The code stands in no address, but for a moment in that of a printed card's QR code.
 */
import { toProblem } from "@carat/api-client";
import { useCountdown } from "@carat/identity";
import { Button, Notice, ProblemNotice } from "@carat/ui";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { usePageTitle } from "../../app/page-title";
import { charactersOf, faultOf } from "./code";
import { GiftCodeField } from "./GiftCodeField";
import { forgetCode, keptCode } from "./kept-code";
import { useCheck, useRedeem } from "./queries";
import { Redeemed } from "./Redeemed";
import { TakeCard } from "./TakeCard";
import { saidOfCard, saidOfProblem } from "./words";

export function GiftCardPage() {
  usePageTitle("Gift cards");
  const redeem = useRedeem();
  return (
    <div className="shell max-w-2xl pt-10 sm:pt-16">
      <h1 className="font-display text-display">Gift cards</h1>
      {redeem.data ? (
        <Redeemed redeemed={redeem.data} onAnother={redeem.reset} />
      ) : (
        <>
          <p className="mt-4 max-w-[52ch] text-muted">
            Type or paste the code to see what your card is worth. Signed in, you take it into your balance,
            where it stays yours.
          </p>
          <CodeForm redeem={redeem} />
        </>
      )}
    </div>
  );
}

/** The code behind the `#`, where a printed card's QR code has it. It is taken out of the address at once. */
function codeOfAddress(): string {
  const code = charactersOf(window.location.hash.slice(1));
  return faultOf(code) === undefined ? code : "";
}

function CodeForm({ redeem }: { redeem: ReturnType<typeof useRedeem> }) {
  const [code, setCode] = useState(() => codeOfAddress() || keptCode());
  const [fault, setFault] = useState<string>();
  const [wait, startWaiting] = useCountdown();
  const field = useRef<HTMLInputElement>(null);
  const check = useCheck();
  const navigate = useNavigate();

  const onError = (error: unknown) => startWaiting(toProblem(error).retryAfter ?? 0);
  const look = (whole: string) => {
    redeem.reset();
    if (wait === 0 && !check.isPending) check.mutate(whole, { onError });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = faultOf(code);
    setFault(found);
    if (found) field.current?.focus();
    else look(code);
  };
  const change = (typed: string) => {
    setCode(typed);
    setFault(undefined);
    check.reset();
    redeem.reset();
  };

  // Whoever comes back from signing in sees their card again, and the code waits no longer.
  const cameBack = useRef(code);
  useEffect(() => {
    forgetCode();
    if (codeOfAddress()) void navigate({ to: ".", hash: "", replace: true });
    if (cameBack.current) check.mutate(cameBack.current);
    cameBack.current = "";
  }, [check.mutate, navigate]);

  const failed = redeem.error ?? check.error;
  const problem = failed ? toProblem(failed) : undefined;
  const waits = problem?.status === 429;
  const card = check.data && saidOfCard(check.data.status, check.data.expires_at);
  const said = problem ? saidOfProblem(problem, redeem.error ? "redeem" : "check") : card;
  const usable = check.data && !card && (!problem || problem.isTemporary);

  return (
    <>
      <form onSubmit={submit} noValidate className="mt-8 flex flex-col gap-5">
        <GiftCodeField
          field={field}
          code={code}
          onChange={change}
          onComplete={look}
          error={fault ?? (said?.atField && said.text)}
        />
        {!usable && (
          <Button
            type="submit"
            size="large"
            className="self-start max-sm:w-full"
            pending={check.isPending}
            disabled={wait > 0}
          >
            {wait > 0 ? `Try again in ${wait} s` : "See what it is worth"}
          </Button>
        )}
      </form>
      <p role="status" className="sr-only">
        {check.isPending && "We look at the card."}
        {waits && wait === 0 && "You can try again now."}
      </p>
      <div className="mt-8 flex flex-col gap-6">
        {usable && (
          <TakeCard
            worth={check.data}
            code={code}
            pending={redeem.isPending}
            wait={wait}
            onTake={() => redeem.mutate(code, { onError })}
          />
        )}
        {said && !said.atField && (!waits || wait > 0) && (
          <Notice tone={problem ? "danger" : "warning"} title={said.title}>
            <p>{said.text}</p>
          </Notice>
        )}
        {!said && <ProblemNotice problem={problem} />}
      </div>
    </>
  );
}
