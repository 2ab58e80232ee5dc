//! A line of the security log.

use crate::identity::Client;
use domain::kernel::{EmailAddress, UserId};
use std::collections::BTreeMap;

domain::named! {
    /// What happened.
    pub enum SecurityEventKind {
        /// An account was made.
        Registered = "registered",
        /// An admin made many accounts.
        BulkRegistered = "bulk_registered",
        /// Someone signed in.
        LoginSucceeded = "login_succeeded",
        /// A wrong password.
        LoginFailed = "login_failed",
        /// Too many wrong passwords: no more are tried for a while.
        LoginLocked = "login_locked",
        /// A wrong second factor.
        SecondFactorFailed = "second_factor_failed",
        /// A wrong code out of a mail.
        VerificationCodeFailed = "verification_code_failed",
        /// A wrong proof for a sensitive change.
        StepUpFailed = "step_up_failed",
        /// A token that is not ours, or too old.
        TokenInvalid = "token_invalid",
        /// A token whose session has ended.
        TokenRevokedUsed = "token_revoked_used",
        /// A refresh token that had been used before: someone has a copy.
        RefreshTokenReused = "refresh_token_reused",
        /// Someone signed out.
        LoggedOut = "logged_out",
        /// Someone ended one of their sessions, or all others.
        SessionEnded = "session_ended",
        /// A new password by the present one.
        PasswordChanged = "password_changed",
        /// A link to set a new password was asked for.
        PasswordResetRequested = "password_reset_requested",
        /// A new password by that link.
        PasswordReset = "password_reset",
        /// A change of address was begun.
        EmailChangeRequested = "email_change_requested",
        /// The address has changed.
        EmailChanged = "email_changed",
        /// An authenticator app was added.
        TotpEnabled = "totp_enabled",
        /// It was removed.
        TotpDisabled = "totp_disabled",
        /// A recovery code was used up.
        RecoveryCodeUsed = "recovery_code_used",
        /// New recovery codes were made.
        RecoveryCodesRenewed = "recovery_codes_renewed",
        /// A passkey was added.
        PasskeyAdded = "passkey_added",
        /// A passkey was removed.
        PasskeyRemoved = "passkey_removed",
        /// A passkey whose counter went back: someone may have a copy.
        PasskeyCloned = "passkey_cloned",
        /// An identity elsewhere was linked.
        IdentityLinked = "identity_linked",
        /// It was unlinked.
        IdentityUnlinked = "identity_unlinked",
        /// An API key was made.
        ApiKeyCreated = "api_key_created",
        /// It was revoked.
        ApiKeyRevoked = "api_key_revoked",
        /// Someone has tried too many codes that no gift card has.
        GiftCardGuessing = "gift_card_guessing",
        /// An admin issued gift cards.
        GiftCardsIssued = "gift_cards_issued",
        /// A gift card was sent elsewhere, or with another code.
        GiftCardSentAgain = "gift_card_sent_again",
        /// An admin made a product a gift card, or none any more.
        GiftCardProductDecided = "gift_card_product_decided",
        /// An admin fetched the codes of a batch.
        GiftCardCodesDownloaded = "gift_card_codes_downloaded",
        /// Nobody fetched the codes of a batch in time: they are forgotten.
        GiftCardCodesLapsed = "gift_card_codes_lapsed",
        /// An admin keeps the gift cards of a batch from being used.
        GiftCardBatchDisabled = "gift_card_batch_disabled",
        /// An admin lets them be used again.
        GiftCardBatchEnabled = "gift_card_batch_enabled",
        /// An admin keeps a gift card from being used.
        GiftCardDisabled = "gift_card_disabled",
        /// An admin lets it be used again.
        GiftCardEnabled = "gift_card_enabled",
        /// Someone made a webhook.
        WebhookCreated = "webhook_created",
        /// Someone changed it.
        WebhookChanged = "webhook_changed",
        /// Someone gave it another secret.
        WebhookSecretRotated = "webhook_secret_rotated",
        /// Someone removed it.
        WebhookRemoved = "webhook_removed",
        /// It was switched off, since nothing arrives there.
        WebhookDisabled = "webhook_disabled",
        /// An attempt to pay that rules find suspicious.
        SuspiciousPayment = "suspicious_payment",
        /// An admin had the money of a held payment taken.
        PaymentApproved = "payment_approved",
        /// An admin had it let go.
        PaymentRejected = "payment_rejected",
        /// A customer disputes a payment at their bank.
        PaymentDisputed = "payment_disputed",
        /// An admin sent a seller what they are owed.
        PayoutMade = "payout_made",
        /// It came back.
        PayoutFailed = "payout_failed",
        /// An admin renamed or moved a category.
        CategoryChanged = "category_changed",
        /// An admin merged a category into another.
        CategoryMerged = "category_merged",
        /// An admin removed a category.
        CategoryRemoved = "category_removed",
        /// An admin renamed a material.
        MaterialChanged = "material_changed",
        /// An admin merged a material into another.
        MaterialMerged = "material_merged",
        /// An admin removed a material.
        MaterialRemoved = "material_removed",
        /// An admin changed a role.
        RoleChanged = "role_changed",
        /// An admin changed what an account says.
        UserEdited = "user_edited",
        /// An admin keeps someone out.
        UserDisabled = "user_disabled",
        /// An admin lets them in again.
        UserEnabled = "user_enabled",
        /// An admin ended someone's sessions.
        SessionsEndedByAdmin = "sessions_ended_by_admin",
        /// An account was deleted.
        AccountDeleted = "account_deleted",
        /// Someone took their data along.
        DataExported = "data_exported",
    }
}

/// A line of the security log, to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityEvent {
    /// What happened.
    pub kind: SecurityEventKind,
    /// Whom it is about.
    pub user_id: Option<UserId>,
    /// Who did it, where that is someone else.
    pub actor_id: Option<UserId>,
    /// The address that was tried, masked, where it has no account.
    pub email: Option<String>,
    /// From where.
    pub address: Option<String>,
    /// By what device.
    pub device: Option<String>,
    /// More of it: words and numbers, never secrets.
    pub details: BTreeMap<String, String>,
}

impl SecurityEvent {
    /// Something happened.
    #[must_use]
    pub const fn new(kind: SecurityEventKind) -> Self {
        Self { kind, user_id: None, actor_id: None, email: None, address: None, device: None, details: BTreeMap::new() }
    }

    /// It is about this user.
    #[must_use]
    pub const fn about(mut self, user: UserId) -> Self {
        self.user_id = Some(user);
        self
    }

    /// This other user did it.
    #[must_use]
    pub const fn by(mut self, actor: UserId) -> Self {
        self.actor_id = Some(actor);
        self
    }

    /// It came from there.
    #[must_use]
    pub fn from(mut self, client: &Client) -> Self {
        self.address = Some(client.address.to_string());
        self.device = Some(client.device.clone());
        self
    }

    /// Someone tried this address. Nobody's address is written out, since it may be a mistyped password.
    #[must_use]
    pub fn tried(mut self, email: &EmailAddress) -> Self {
        self.email = Some(masked(email));
        self
    }

    /// More of it.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "numbers and words are passed as they are")]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.details.insert(name.to_owned(), value.to_string());
        self
    }
}

/// `ada@example.com` as `a…@example.com`.
fn masked(email: &EmailAddress) -> String {
    let (local, host) = email.as_str().split_once('@').unwrap_or_default();
    format!("{}…@{host}", local.chars().take(1).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::email;

    #[test]
    fn an_address_that_was_tried_is_masked() {
        assert_eq!(masked(&email("ada@example.com")), "a…@example.com");
    }

    #[test]
    fn no_name_stands_for_two_kinds() {
        let mut names: Vec<_> = SecurityEventKind::ALL.iter().map(|kind| kind.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), SecurityEventKind::ALL.len());
    }
}
