/** What is said of a card that cannot be used, and of a question that got no answer. Each case has its own words. */
import type { GiftCardStatus, Problem } from "@carat/api-client";
import { lastMomentOf } from "@carat/ui";

export interface Said {
  title: string;
  text: string;
  /** It is about what was typed, and stands at the field. */
  atField?: true;
}

const used: Said = {
  title: "This gift card has been redeemed already",
  text: "Nothing is left on it. If it was you who redeemed it, you find its value in your balance.",
};

const disabled: Said = {
  title: "This gift card is blocked",
  text: "The shop has stopped it for now. Please ask whoever gave it to you, or the shop.",
};

const expired = (end?: string | null): Said => ({
  title: end ? `This gift card was good until ${dayOf(end)}` : "This gift card has expired",
  text: "It is too late to use it.",
});

const refusals: Record<string, Said> = {
  "gift-card-not-found": {
    title: "We know no gift card with this code",
    text: "We know no gift card with this code. Please compare it with yours, letter by letter.",
    atField: true,
  },
  "gift-card-already-redeemed": used,
  "gift-card-expired": expired(),
  "gift-card-disabled": disabled,
  "too-many-attempts": {
    title: "Too many wrong codes",
    text: "So that nobody can guess their way to a gift card, we take no more codes from your connection for a moment.",
  },
  "rate-limited": {
    title: "That was a little fast",
    text: "Too many requests came from your connection. Please wait a moment.",
  },
};

/** Why a card is of no use; nothing if it is of use. */
export function saidOfCard(status: GiftCardStatus, expiresAt: string | null): Said | undefined {
  if (status === "redeemed") return used;
  if (status === "disabled") return disabled;
  return status === "expired" ? expired(expiresAt) : undefined;
}

/** Why there was no answer, in our own words; nothing where the server's own are the best there are. */
export function saidOfProblem({ code }: Problem, doing: "check" | "redeem"): Said | undefined {
  if (code === "network") {
    return {
      title: "We cannot reach the shop",
      text:
        doing === "check"
          ? "Check your connection and try again. Your code stays here."
          : "We cannot tell whether the card was redeemed. Check your connection and try again: its value comes to you once, never twice.",
    };
  }
  return refusals[code];
}

export function dayOf(end: string): string {
  return lastMomentOf(end).toLocaleDateString(undefined, { dateStyle: "long" });
}
