/** The codes of new gift cards, shown this once: to be copied, printed or downloaded before the page is left, which asks first. */
import type { NewGiftCard } from "@carat/api-client";
import { Button, CopyButton, Dialog, daysAgo, downloadText, Money, Notice } from "@carat/ui";
import { Link, useBlocker } from "@tanstack/react-router";
import { Download, Printer } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { goodUntil } from "../words";
import { codesAsCsv } from "./export";

export function IssuedCodes({ cards, onAgain }: { cards: NewGiftCard[]; onAgain: () => void }) {
  const [kept, setKept] = useState(false);
  const [again, setAgain] = useState(false);
  const keep = () => setKept(true);
  const blocker = useBlocker({
    shouldBlockFn: () => !kept,
    enableBeforeUnload: () => !kept,
    withResolver: true,
  });
  const many = cards.length > 1;

  // The form is gone: the keyboard, and who listens, go on at what has come of it.
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => list.current?.focus({ preventScroll: true }), []);

  return (
    <div className="flex max-w-2xl flex-col gap-5">
      <div className="print:hidden">
        <Notice tone="warning" title={`${many ? "These codes are" : "This code is"} shown only now`}>
          <p>
            Whoever has a code has the money, and we keep none of them. Copy, print or download{" "}
            {many ? "them" : "it"} before you leave this page.
          </p>
        </Notice>
      </div>
      <div className="flex flex-wrap items-center gap-2 print:hidden">
        <Button
          onClick={() => {
            downloadText(codesAsCsv(cards), `gift-cards-${daysAgo(0)}.csv`, "text/csv");
            keep();
          }}
        >
          <Download aria-hidden="true" size={17} /> Download as CSV
        </Button>
        <Button
          variant="secondary"
          onClick={() => {
            window.print();
            keep();
          }}
        >
          <Printer aria-hidden="true" size={17} /> Print
        </Button>
        <CopyButton
          text={cards.map(({ code }) => code).join("\n")}
          what={many ? "codes" : "code"}
          onCopied={keep}
        />
      </div>
      <ul
        ref={list}
        tabIndex={-1}
        aria-label="Codes"
        className="divide-y divide-line rounded-md border border-line bg-surface outline-none"
      >
        {cards.map(({ id, code, value, expires_at }) => (
          <li
            key={id}
            className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 px-4 py-3 break-inside-avoid sm:px-5"
          >
            <span className="font-mono select-all max-[24rem]:text-sm">{code}</span>
            <span className="text-sm text-muted">
              <Money value={value} className="text-ink" />
              {expires_at && `, until ${goodUntil(expires_at)}`}
            </span>
          </li>
        ))}
      </ul>
      <p className="hidden print:block">
        To be redeemed at <strong className="font-medium">{window.location.host}/gift-card</strong>
      </p>
      <div className="flex flex-wrap items-center gap-3 print:hidden">
        <Link
          to="/gift-cards"
          search={{}}
          className="inline-flex min-h-11 items-center pr-2 underline underline-offset-4"
        >
          To all gift cards
        </Link>
        <Button variant="secondary" onClick={() => (kept ? onAgain() : setAgain(true))}>
          Issue more
        </Button>
      </div>
      <Ask
        open={blocker.status === "blocked" || again}
        many={many}
        onStay={() => {
          setAgain(false);
          blocker.reset?.();
        }}
        onLeave={() => (again ? onAgain() : blocker.proceed?.())}
      />
    </div>
  );
}

interface AskProps {
  open: boolean;
  many: boolean;
  onStay: () => void;
  onLeave: () => void;
}

function Ask({ open, many, onStay, onLeave }: AskProps) {
  const [these, them] = many ? ["these codes", "them"] : ["this code", "it"];
  return (
    <Dialog
      open={open}
      onClose={onStay}
      title={`Leave ${these} behind?`}
      footer={
        <div className="flex flex-wrap justify-end gap-2">
          <Button variant="danger" onClick={onLeave}>
            Leave without {them}
          </Button>
          <Button onClick={onStay}>Stay here</Button>
        </div>
      }
    >
      <p>
        You have not copied, printed or downloaded {them} yet, and nobody can show {them} to you again. The
        {many ? " cards stay" : " card stays"} valid; you can only disable {them}.
      </p>
    </Dialog>
  );
}
