/**
 * A gift card to be printed, as the mail with it leads here. Its code stands behind the `#` of the address, which no browser sends;
 * what is written on the card stays on this page.
 */
import type { GiftCardWorth } from "@carat/api-client";
import { toProblem } from "@carat/api-client";
import { Button, Input, Money, Notice, Skeleton, Textarea, Wordmark } from "@carat/ui";
import { Link, useLocation } from "@tanstack/react-router";
import { Printer } from "lucide-react";
import { useEffect, useState } from "react";
import { usePageTitle } from "../../app/page-title";
import { charactersOf, faultOf, grouped } from "./code";
import { QrCode } from "./QrCode";
import { useCheck } from "./queries";
import { dayOf, saidOfCard, saidOfProblem } from "./words";

interface Words {
  to: string;
  from: string;
  message: string;
}

export function PrintPage() {
  usePageTitle("Your gift card");
  const code = charactersOf(decodeURIComponent(useLocation({ select: ({ hash }) => hash })));
  const check = useCheck();
  const whole = faultOf(code) === undefined;
  useEffect(() => {
    if (whole) check.mutate(code);
  }, [whole, code, check.mutate]);
  return (
    <div className="shell max-w-3xl pt-10 sm:pt-16 print:max-w-none print:p-0">
      <h1 className="font-display text-display print:hidden">Your gift card</h1>
      {!whole && (
        <Notice tone="warning" title="There is no card here" className="mt-8">
          <p>
            Open the link in your mail once more, or{" "}
            <Link to="/gift-card" className="underline underline-offset-4">
              enter the code
            </Link>
            .
          </p>
        </Notice>
      )}
      {whole && check.isPending && <Skeleton className="mt-8 h-80" />}
      {check.error && <Failed error={check.error} />}
      {check.data && <Card worth={check.data} code={code} />}
    </div>
  );
}

function Failed({ error }: { error: unknown }) {
  const problem = toProblem(error);
  const said = saidOfProblem(problem, "check");
  return (
    <Notice tone="danger" title={said?.title ?? problem.title} className="mt-8">
      <p>{said?.text ?? problem.message}</p>
    </Notice>
  );
}

function Card({ worth, code }: { worth: GiftCardWorth; code: string }) {
  const [words, setWords] = useState<Words>({ to: "", from: "", message: "" });
  const said = saidOfCard(worth.status, worth.expires_at);
  const set = (name: keyof Words) => (event: { target: { value: string } }) =>
    setWords((before) => ({ ...before, [name]: event.target.value }));
  return (
    <>
      {said && (
        <Notice tone="warning" title={said.title} className="mt-8 print:hidden">
          <p>{said.text}</p>
        </Notice>
      )}
      <Face worth={worth} code={code} words={words} />
      <div className="mt-8 flex flex-col gap-5 print:hidden">
        <p className="text-muted">What you write here is printed on the card, and kept nowhere.</p>
        <div className="grid gap-5 sm:grid-cols-2">
          <Input
            label="For"
            optional
            maxLength={60}
            autoComplete="off"
            value={words.to}
            onChange={set("to")}
          />
          <Input
            label="From"
            optional
            maxLength={60}
            autoComplete="off"
            value={words.from}
            onChange={set("from")}
          />
        </div>
        <Textarea
          label="Message"
          optional
          rows={3}
          maxLength={300}
          value={words.message}
          onChange={set("message")}
        />
        <div className="flex flex-wrap items-center gap-4">
          <Button size="large" className="max-sm:w-full" onClick={() => window.print()}>
            <Printer aria-hidden="true" size={18} /> Print the card
          </Button>
          <Link to="/gift-card" className="inline-flex min-h-11 items-center underline underline-offset-4">
            Use it instead
          </Link>
        </div>
      </div>
    </>
  );
}

/** The card itself: light on every screen and on paper, since it is cut out of it. */
function Face({ worth, code, words }: { worth: GiftCardWorth; code: string; words: Words }) {
  const { host, origin } = window.location;
  const { to, from, message } = words;
  return (
    <section
      aria-label="The card"
      className="mt-8 grid break-inside-avoid gap-8 rounded-md border border-[#cbbfae] bg-[#fff] p-6 text-[#1d1a16] sm:grid-cols-[minmax(0,1fr)_auto] sm:p-10 print:m-0 print:grid-cols-[minmax(0,1fr)_auto]"
    >
      <div className="flex items-baseline justify-between gap-4 sm:col-span-2 print:col-span-2">
        <Wordmark />
        <span className="text-sm">Gift card</span>
      </div>
      <div className="flex min-w-0 flex-col gap-6">
        <Money value={worth.balance} className="font-display text-display" />
        {(to || from || message) && (
          <div className="flex flex-col gap-2 wrap-anywhere">
            {to && <p>For {to}</p>}
            {message && <p className="font-display text-xl leading-snug whitespace-pre-line">{message}</p>}
            {from && <p>From {from}</p>}
          </div>
        )}
        <div>
          <p className="font-mono text-[1.0625rem] font-medium break-words select-all">{grouped(code)}</p>
          <p className="mt-2 text-sm text-[#6a6258]">
            {worth.expires_at ? `Good until ${dayOf(worth.expires_at)}.` : "Good without end."} Enter the code
            when you pay, or at {host}/gift-card.
          </p>
        </div>
      </div>
      <QrCode
        text={`${origin}/gift-card#${grouped(code)}`}
        label="QR code that leads to this gift card"
        className="size-40 self-end justify-self-center sm:size-44 print:size-44"
      />
    </section>
  );
}
