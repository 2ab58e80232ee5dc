/**
 * Each event of the security log as a sentence. The people in it are pieces of their own, so that the page can make links of
 * them and the export can name them.
 */
import type { SecurityEvent } from "@carat/api-client";
import { roleNames } from "../users/words";
import { kindName } from "./kinds";
import type { NamedEvent } from "./use-named-events";

export type Piece = { text: string } | { person: "who" | "actor" };

type People = Pick<NamedEvent, "email" | "actor_id" | "actor_email">;
type Told = Pick<SecurityEvent, "kind" | "details">;

/** `{who}` is whose account it is about, `{actor}` the administrator who did it. */
const sentences: Record<string, string | ((details: Record<string, unknown>) => string)> = {
  login_succeeded: ({ method }) => `{who} signed in${ways[String(method)] ?? ""}`,
  login_failed: "A sign-in as {who} failed",
  login_locked: "Signing in as {who} was locked after too many failures",
  second_factor_failed: "A wrong second factor was given for {who}",
  recovery_code_used: "{who} signed in with a recovery code",
  step_up_failed: "{who} failed to prove again who they are",
  logged_out: "{who} signed out",
  session_ended: ({ sessions }) => `{who} ended ${counted(sessions, "session")}`,
  token_invalid: "A token that is not ours was sent",
  token_revoked_used: "A revoked token of {who} was used",
  refresh_token_reused: "A spent refresh token of {who} was used again; the session was ended",
  api_key_created: ({ name }) => `{who} made an API key${quoted(name)}`,
  api_key_revoked: ({ name }) => `{who} revoked an API key${quoted(name)}`,
  password_changed: "{who} changed their password",
  password_reset_requested: "A new password was asked for {who}",
  password_reset: "{who} set a new password by the link in a mail",
  totp_enabled: "{who} switched the authenticator app on",
  totp_disabled: "{who} switched the authenticator app off",
  recovery_codes_renewed: "{who} made new recovery codes",
  passkey_added: ({ name }) => `{who} added a passkey${quoted(name)}`,
  passkey_cloned: "A passkey of {who} was used that seems to be a copy",
  passkey_removed: ({ name }) => `{who} removed a passkey${quoted(name)}`,
  registered: "{who} registered",
  verification_code_failed: "A wrong verification code was given for {who}",
  email_change_requested: "{who} asked to change their e-mail address",
  email_changed: "{who} changed their e-mail address",
  identity_linked: ({ provider }) => `{who} linked their sign-in with ${service(provider)}`,
  identity_unlinked: ({ provider }) => `{who} unlinked their sign-in with ${service(provider)}`,
  data_exported: "{who} exported their data",
  account_deleted: "{who} deleted their account",
  role_changed: ({ from, to }) => `{actor} changed the role of {who}${roles(from, to)}`,
  user_edited: "{actor} changed what the account of {who} says",
  user_disabled: "{actor} disabled {who}",
  user_enabled: "{actor} enabled {who}",
  sessions_ended_by_admin: "{actor} ended all sessions of {who}",
  bulk_registered: ({ created }) => `{actor} registered ${counted(created, "user")} at once`,
  gift_card_guessing: "Somebody tried too many wrong gift card codes",
  gift_cards_issued: ({ quantity, value }) =>
    `{actor} issued ${counted(quantity, "gift card")}${worth(value)}`,
  gift_card_product_decided: ({ gift_card }) =>
    gift_card === "true"
      ? "{actor} made a product a gift card"
      : "{actor} made a gift card an ordinary product",
  gift_card_sent_again: ({ new_code }) =>
    new_code === "true" ? "{actor} sent a gift card with another code" : "{actor} sent a gift card elsewhere",
  gift_card_codes_downloaded: ({ quantity }) =>
    `{actor} downloaded the codes of ${counted(quantity, "gift card")}`,
  gift_card_codes_lapsed: ({ quantity }) =>
    `Nobody downloaded the codes of ${counted(quantity, "gift card")}: they are forgotten`,
  gift_card_batch_disabled: "{actor} disabled a batch of gift cards",
  gift_card_batch_enabled: "{actor} enabled a batch of gift cards",
  gift_card_disabled: "{actor} disabled a gift card",
  gift_card_enabled: "{actor} enabled a gift card",
  category_changed: ({ from, to }) => `{actor} changed the category${renamed(from, to)}`,
  category_merged: ({ from, to }) => `{actor} merged the category${called(from)} into${called(to)}`,
  category_removed: ({ from }) => `{actor} deleted the category${called(from)}`,
  material_changed: ({ from, to }) => `{actor} changed the material${renamed(from, to)}`,
  material_merged: ({ from, to }) => `{actor} merged the material${called(from)} into${called(to)}`,
  material_removed: ({ from }) => `{actor} deleted the material${called(from)}`,
  webhook_created: "{who} made a webhook",
  webhook_changed: "{who} changed a webhook",
  webhook_secret_rotated: "{who} gave a webhook another secret",
  webhook_removed: "{who} removed a webhook",
  webhook_disabled: "A webhook of {who} was switched off, since nothing arrives there",
  suspicious_payment: ({ amount, held }) =>
    `{who} tried to pay ${String(amount ?? "something")} in a way that looks suspicious${held === "true" ? "; it is held" : ""}`,
  payment_approved: ({ amount }) => `{actor} approved a held payment of {who}${worth(amount)}`,
  payment_rejected: ({ amount }) => `{actor} rejected a held payment of {who}${worth(amount)}`,
  payment_disputed: ({ amount }) => `A customer disputes a payment at their bank${worth(amount)}`,
  payout_made: ({ amount }) => `{actor} paid {who} out${worth(amount)}`,
  payout_failed: ({ amount }) => `{actor} noted that a payout to {who} came back${worth(amount)}`,
};

const ways: Record<string, string> = {
  password: " by password",
  second_factor: " with a second factor",
  passkey: " with a passkey",
  social: " by way of another service",
};

export function sentenceOf({ kind, details }: Told): Piece[] {
  const made = sentences[kind] ?? `${kindName(kind)}: {who}`;
  const sentence = typeof made === "string" ? made : made(details);
  return sentence
    .split(/(\{who\}|\{actor\})/)
    .filter(Boolean)
    .map((part) => {
      if (part === "{who}") return { person: "who" };
      return part === "{actor}" ? { person: "actor" } : { text: part };
    });
}

/** The sentence as plain text, for the export. */
export function sentenceText(event: Told & People, me?: string): string {
  return sentenceOf(event)
    .map((piece) => ("text" in piece ? piece.text : personName(piece.person, event, me)))
    .join("");
}

export function personName(
  person: "who" | "actor",
  { email, actor_id, actor_email }: People,
  me?: string,
): string {
  if (person === "who") return email ?? "somebody";
  return actor_id !== null && actor_id === me ? "You" : (actor_email ?? "An administrator");
}

function quoted(name: unknown): string {
  return typeof name === "string" && name !== "" ? `, “${oneLine(name)}”` : "";
}

function called(name: unknown): string {
  return typeof name === "string" && name !== "" ? ` “${oneLine(name)}”` : "";
}

function renamed(from: unknown, to: unknown): string {
  return from === to ? called(from) : `${called(from)}: it is now${called(to)}`;
}

function service(provider: unknown): string {
  return typeof provider === "string" ? oneLine(provider) : "another service";
}

function roles(from: unknown, to: unknown): string {
  const name = (role: unknown) =>
    Object.entries(roleNames)
      .find(([code]) => code === role)?.[1]
      .toLowerCase();
  if (!name(to)) return "";
  return name(from) ? ` from ${name(from)} to ${name(to)}` : ` to ${name(to)}`;
}

function worth(value: unknown): string {
  return typeof value === "string" && value !== "" ? ` worth ${oneLine(value)}` : "";
}

/** Details come as texts. */
function counted(count: unknown, noun: string): string {
  const number = Number(count ?? Number.NaN);
  if (Number.isNaN(number)) return `${noun}s`;
  return number === 1 ? `one ${noun}` : `${number} ${noun}s`;
}

/** A name that somebody chose cannot pretend to be one of our placeholders, nor break the line. */
function oneLine(text: string): string {
  return text.replace(/[{}]/g, "").replace(/\s+/g, " ").trim();
}
