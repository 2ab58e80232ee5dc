/** The kinds of events in the security log, as the filter groups and names them, and how grave each one is. */
import type { Tone } from "@carat/ui";

/** `calm`: as it should be. `noted`: somebody should know. `grave`: somebody should look. */
export type Weight = "calm" | "noted" | "grave";

type Group = Record<string, readonly [name: string, weight: Weight]>;

const groups = {
  "Signing in": {
    login_succeeded: ["Signed in", "calm"],
    login_failed: ["Failed sign-in", "noted"],
    login_locked: ["Sign-in locked", "grave"],
    second_factor_failed: ["Wrong second factor", "noted"],
    recovery_code_used: ["Recovery code used", "noted"],
    step_up_failed: ["Failed proof of identity", "noted"],
    logged_out: ["Signed out", "calm"],
    session_ended: ["Session ended", "calm"],
  },
  "Tokens and keys": {
    token_invalid: ["Invalid token", "noted"],
    token_revoked_used: ["Revoked token used", "grave"],
    refresh_token_reused: ["Refresh token used twice", "grave"],
    api_key_created: ["API key made", "calm"],
    api_key_revoked: ["API key revoked", "calm"],
  },
  Password: {
    password_changed: ["Password changed", "calm"],
    password_reset_requested: ["Password reset asked for", "noted"],
    password_reset: ["Password reset", "noted"],
  },
  "Second factor": {
    totp_enabled: ["Authenticator app on", "calm"],
    totp_disabled: ["Authenticator app off", "noted"],
    recovery_codes_renewed: ["New recovery codes", "calm"],
    passkey_added: ["Passkey added", "calm"],
    passkey_removed: ["Passkey removed", "noted"],
    passkey_cloned: ["Passkey copied", "grave"],
  },
  Account: {
    registered: ["Registered", "calm"],
    verification_code_failed: ["Wrong verification code", "noted"],
    email_change_requested: ["E-mail change asked for", "noted"],
    email_changed: ["E-mail changed", "noted"],
    identity_linked: ["Sign-in linked", "calm"],
    identity_unlinked: ["Sign-in unlinked", "calm"],
    data_exported: ["Data exported", "noted"],
    account_deleted: ["Account deleted", "noted"],
  },
  Payments: {
    suspicious_payment: ["Suspicious payment", "grave"],
    payment_approved: ["Held payment approved", "noted"],
    payment_rejected: ["Held payment rejected", "noted"],
    payment_disputed: ["Payment disputed", "grave"],
    payout_made: ["Payout made", "noted"],
    payout_failed: ["Payout failed", "grave"],
  },
  "Gift cards": {
    gift_card_guessing: ["Gift card codes guessed", "grave"],
    gift_cards_issued: ["Gift cards issued", "noted"],
    gift_card_product_decided: ["Gift card product decided", "noted"],
    gift_card_sent_again: ["Gift card sent again", "noted"],
    gift_card_codes_downloaded: ["Gift card codes downloaded", "noted"],
    gift_card_codes_lapsed: ["Gift card codes forgotten", "grave"],
    gift_card_batch_disabled: ["Batch of gift cards disabled", "noted"],
    gift_card_batch_enabled: ["Batch of gift cards enabled", "noted"],
    gift_card_disabled: ["Gift card disabled", "noted"],
    gift_card_enabled: ["Gift card enabled", "noted"],
  },
  Catalogue: {
    category_changed: ["Category changed", "noted"],
    category_merged: ["Categories merged", "noted"],
    category_removed: ["Category deleted", "noted"],
    material_changed: ["Material changed", "noted"],
    material_merged: ["Materials merged", "noted"],
    material_removed: ["Material deleted", "noted"],
  },
  Webhooks: {
    webhook_created: ["Webhook made", "noted"],
    webhook_changed: ["Webhook changed", "noted"],
    webhook_secret_rotated: ["Webhook's secret replaced", "noted"],
    webhook_removed: ["Webhook removed", "noted"],
    webhook_disabled: ["Webhook switched off", "noted"],
  },
  Administration: {
    role_changed: ["Role changed", "noted"],
    user_edited: ["Account edited", "noted"],
    user_disabled: ["Account disabled", "noted"],
    user_enabled: ["Account enabled", "noted"],
    sessions_ended_by_admin: ["Sessions ended by an administrator", "noted"],
    bulk_registered: ["Users registered at once", "calm"],
  },
} satisfies Record<string, Group>;

const known: Group = Object.assign({}, ...Object.values(groups));

/** For the filter: groups of kinds with their names. */
export const kindOptions: Record<string, [kind: string, name: string][]> = Object.fromEntries(
  Object.entries(groups).map(([group, kinds]) => [
    group,
    Object.entries(kinds).map(([kind, [name]]) => [kind, name]),
  ]),
);

export const kinds = Object.keys(known);

export function kindName(kind: string): string {
  return known[kind]?.[0] ?? inWords(kind);
}

/** A kind that this app does not know yet is worth a look. */
export function weightOf(kind: string): Weight {
  return known[kind]?.[1] ?? "noted";
}

export const weightTones: Record<Weight, Tone> = { calm: "neutral", noted: "warning", grave: "danger" };

function inWords(code: string): string {
  return code.charAt(0).toUpperCase() + code.slice(1).replaceAll("_", " ");
}
