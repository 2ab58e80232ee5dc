/** A card that is good: what it is worth, and the way to take it, which leads past the sign-in for those who are not known yet. */
import type { GiftCardWorth } from "@carat/api-client";
import { Button, buttonClass, formatMoney } from "@carat/ui";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useSession } from "../identity/session";
import { CardFace } from "./CardFace";
import { keepCode } from "./kept-code";

interface Props {
  worth: GiftCardWorth;
  code: string;
  pending: boolean;
  /** Seconds until it can be tried again. */
  wait: number;
  onTake: () => void;
}

const back = { redirect: "/gift-card" };

export function TakeCard({ worth, code, pending, wait, onTake }: Props) {
  const { user, isLoading } = useSession();
  // The button that asked is gone: the keyboard, and who listens, go on at the card.
  const card = useRef<HTMLElement>(null);
  useEffect(() => card.current?.focus({ preventScroll: true }), []);
  return (
    <section
      ref={card}
      tabIndex={-1}
      aria-label={`Your gift card: ${formatMoney(worth.balance)}`}
      className="flex flex-col gap-6 outline-none"
    >
      <CardFace worth={worth} code={code} />
      {user || isLoading ? (
        <div>
          <Button
            size="large"
            className="max-sm:w-full"
            pending={pending || isLoading}
            disabled={wait > 0}
            onClick={onTake}
          >
            {wait > 0 ? `Try again in ${wait} s` : `Add ${formatMoney(worth.balance)} to your balance`}
          </Button>
          {user && <p className="mt-3 text-sm break-words text-muted">To the account {user.email}.</p>}
        </div>
      ) : (
        <div>
          <Link
            to="/login"
            search={back}
            onClick={() => keepCode(code)}
            className={buttonClass({ size: "large", className: "max-sm:w-full" })}
          >
            Sign in to take it
          </Link>
          <p className="mt-3 text-[0.9375rem] text-muted">Your code waits here meanwhile.</p>
          <p className="text-[0.9375rem] text-muted">
            New here?{" "}
            <Link
              to="/register"
              search={back}
              onClick={() => keepCode(code)}
              className="inline-flex min-h-11 items-center text-ink underline underline-offset-4"
            >
              Make an account
            </Link>
          </p>
        </div>
      )}
    </section>
  );
}
