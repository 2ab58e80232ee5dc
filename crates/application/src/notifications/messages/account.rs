//! Notices of what happened to an account, for the case that it was not its owner. `occasion` tells one notice from another.

use super::{greeting, named};
use crate::jobs::SecondFactorChange;
use crate::notifications::letter::{Block, Letter, Letterhead};
use crate::notifications::ports::Mail;
use domain::identity::{Role, User};
use domain::kernel::EmailAddress;

/// There is a new password.
#[must_use]
pub fn password_changed(shop: &Letterhead, user: &User, occasion: &str) -> Mail {
    let what = Notice {
        kind: "password-changed",
        subject: "Your password was changed",
        said: "The password of your account was changed, and every other device was signed out.",
        unless: Unless::SetPassword,
    };
    what.write(shop, user, occasion)
}

/// A way to sign in was added or taken away.
#[must_use]
pub fn second_factor_changed(shop: &Letterhead, user: &User, change: SecondFactorChange, occasion: &str) -> Mail {
    let (subject, said) = match change {
        SecondFactorChange::TotpEnabled => (
            "Two-step sign-in is on",
            "From now on, signing in to your account asks for a code of your authenticator app. Keep your recovery codes \
             where you find them without your phone.",
        ),
        SecondFactorChange::TotpDisabled => (
            "Two-step sign-in is off",
            "Signing in to your account no longer asks for a code of your authenticator app.",
        ),
        SecondFactorChange::PasskeyAdded => {
            ("A passkey was added", "From now on, your account can be opened with a new passkey.")
        }
        SecondFactorChange::PasskeyRemoved => {
            ("A passkey was removed", "A passkey was removed from your account: it no longer opens it.")
        }
        SecondFactorChange::RecoveryCodesRenewed => {
            ("You have new recovery codes", "New recovery codes were made for your account. The old ones are void.")
        }
        SecondFactorChange::IdentityLinked => (
            "Another way to sign in",
            "From now on, your account can be opened with your account at another provider. You see which ones, and \
             unlink them, in your account.",
        ),
        SecondFactorChange::IdentityUnlinked => (
            "A way to sign in was removed",
            "Your account can no longer be opened with one of your accounts at another provider.",
        ),
        SecondFactorChange::ApiKeyCreated => (
            "An API key was made",
            "A key was made with which a program can act for your account. You see all keys, and revoke them, in your \
             account.",
        ),
    };
    Notice { kind: "sign-in", subject, said, unless: Unless::SetPassword }.write(shop, user, occasion)
}

/// The account has another address. This goes to the one that it had.
#[must_use]
pub fn email_changed(shop: &Letterhead, user: &User, old: &EmailAddress, occasion: &str) -> Mail {
    let what = Notice {
        kind: "email-changed",
        subject: "Your e-mail address was changed",
        said: "Your account has another e-mail address now, and this one no longer opens it.",
        unless: Unless::Contact,
    };
    Mail { to: old.clone(), ..what.write(shop, user, occasion) }
}

/// The shop has closed the account for now.
#[must_use]
pub fn account_disabled(shop: &Letterhead, user: &User, occasion: &str) -> Mail {
    let what = Notice {
        kind: "account-disabled",
        subject: "Your account was disabled",
        said: "We have disabled your account: it can't be used for now, and all devices were signed out. Orders that are \
               paid are still sent.",
        unless: Unless::Ask,
    };
    what.write(shop, user, occasion)
}

/// The account can be used again.
#[must_use]
pub fn account_enabled(shop: &Letterhead, user: &User, occasion: &str) -> Mail {
    let what = Notice {
        kind: "account-enabled",
        subject: "Your account is open again",
        said: "Your account can be used again. Sign in as before.",
        unless: Unless::Nothing,
    };
    what.write(shop, user, occasion)
}

/// The account may do something else than before.
#[must_use]
pub fn role_changed(shop: &Letterhead, user: &User, occasion: &str) -> Mail {
    let said = match user.role {
        Role::Customer => "Your account is now that of a customer.",
        Role::Seller => "Your account is now that of a seller: you can offer products of your own.",
        Role::Admin => "Your account is now that of an administrator.",
    };
    let what = Notice { kind: "role-changed", subject: "Your role was changed", said, unless: Unless::Ask };
    what.write(shop, user, occasion)
}

/// The account is gone. So is everything else that could be said of it.
#[must_use]
pub fn account_deleted(shop: &Letterhead, to: &EmailAddress, name: Option<&str>, occasion: &str) -> Mail {
    let shop_name = &shop.shop_name;
    let letter = Letter {
        reference: format!("account-deleted-{occasion}"),
        to: to.clone(),
        subject: format!("Your {shop_name} account is deleted"),
        preview: "What we knew of you is erased.".to_owned(),
        title: "Your account is deleted".to_owned(),
        blocks: vec![
            Block::Paragraph(named(name)),
            Block::Paragraph(
                "Your account is deleted, and what we knew of you is erased. Only what the law has us keep of your orders \
                 stays."
                    .to_owned(),
            ),
            Block::Note("If this was not you, answer to this mail.".to_owned()),
        ],
        reason: format!("You get this mail because you had an account at {shop_name}. It is the last one."),
    };
    letter.write(shop)
}

/// What the notices have in common.
struct Notice<'a> {
    kind: &'a str,
    subject: &'a str,
    said: &'a str,
    unless: Unless,
}

/// What to do if it was not them, or not right.
enum Unless {
    SetPassword,
    Contact,
    Ask,
    Nothing,
}

impl Notice<'_> {
    fn write(self, shop: &Letterhead, user: &User, occasion: &str) -> Mail {
        let mut blocks = vec![Block::Paragraph(greeting(user)), Block::Paragraph(self.said.to_owned())];
        blocks.extend(self.unless.blocks(shop));
        let letter = Letter {
            reference: format!("{}-{occasion}", self.kind),
            to: user.email.clone(),
            subject: format!("{}: {}", shop.shop_name, self.subject),
            preview: self.said.to_owned(),
            title: self.subject.to_owned(),
            blocks,
            reason: format!("You get this mail because you have an account at {}.", shop.shop_name),
        };
        letter.write(shop)
    }
}

impl Unless {
    fn blocks(&self, shop: &Letterhead) -> Vec<Block> {
        match self {
            Self::SetPassword => vec![
                Block::Paragraph("If this was you, there is nothing to do.".to_owned()),
                Block::Paragraph(
                    "If it was not, somebody else was in your account: set a new password at once, then look at your \
                     sessions, passkeys and keys."
                        .to_owned(),
                ),
                Block::Button { label: "Secure your account".to_owned(), url: shop.page("/forgot-password") },
            ],
            Self::Contact => vec![
                Block::Paragraph("If this was you, there is nothing to do.".to_owned()),
                Block::Paragraph(
                    "If it was not, somebody else was in your account: answer to this mail at once, so that we can close \
                     it to them."
                        .to_owned(),
                ),
            ],
            Self::Ask => vec![Block::Note("If you have a question about this, answer to this mail.".to_owned())],
            Self::Nothing => vec![Block::Button { label: "Sign in".to_owned(), url: shop.page("/login") }],
        }
    }
}
