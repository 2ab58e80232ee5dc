/** What was typed into the checkout, kept in this tab so that a reload does not lose it. */
import type { CheckoutForm } from "./schema";

const name = "carat.checkout.draft";

export function readDraft(): Partial<CheckoutForm> {
  try {
    return JSON.parse(sessionStorage.getItem(name) ?? "{}");
  } catch {
    return {};
  }
}

export function keepDraft(draft: unknown) {
  try {
    sessionStorage.setItem(name, JSON.stringify(draft));
  } catch {
    // Storage is full or closed to us: the form itself still holds what was typed.
  }
}

export function forgetDraft() {
  sessionStorage.removeItem(name);
}
