//! How values are written down: enums as text, counts as `bigint`, maps and lists as JSON. Reading checks what it reads.

use super::error::corrupt;
use application::RepositoryError;
use chrono::NaiveDate;
use domain::kernel::{Currency, EmailAddress, Gift, Money, Slug};
use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An enum that is written as a text.
pub(super) trait StoredText: Sized {
    /// As it is written.
    fn text(self) -> &'static str;
    /// As it is read.
    fn read(text: &str) -> Result<Self, RepositoryError>;
}

/// Writes an enum as these texts; a variant that is forgotten does not compile.
macro_rules! stored_as_text {
    ($type:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        impl $crate::sql::stored::StoredText for $type {
            fn text(self) -> &'static str {
                match self { $($type::$variant => $text),+ }
            }
            fn read(text: &str) -> Result<Self, application::RepositoryError> {
                match text {
                    $($text => Ok($type::$variant),)+
                    _ => Err($crate::sql::error::corrupt(stringify!($type))),
                }
            }
        }
    };
}
pub(super) use stored_as_text;

/// What distinguishes a variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct StoredOptions(pub BTreeMap<String, String>);

/// A list of texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct StoredTexts(pub Vec<String>);

/// What somebody says with a gift.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct StoredGift {
    pub recipient_email: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deliver_on: Option<NaiveDate>,
}

impl From<&Gift> for StoredGift {
    fn from(gift: &Gift) -> Self {
        Self {
            recipient_email: gift.recipient_email.to_string(),
            recipient_name: gift.recipient_name.clone(),
            sender_name: gift.sender_name.clone(),
            message: gift.message.clone(),
            deliver_on: gift.deliver_on,
        }
    }
}

impl TryFrom<StoredGift> for Gift {
    type Error = RepositoryError;

    fn try_from(gift: StoredGift) -> Result<Self, RepositoryError> {
        Ok(Self {
            recipient_email: email(&gift.recipient_email)?,
            recipient_name: gift.recipient_name,
            sender_name: gift.sender_name,
            message: gift.message,
            deliver_on: gift.deliver_on,
        })
    }
}

pub(super) fn currency(code: &str) -> Result<Currency, RepositoryError> {
    Currency::parse(code).map_err(|_| corrupt("currency"))
}

pub(super) fn money(amount: i64, code: &str) -> Result<Money, RepositoryError> {
    Ok(Money::new(amount, currency(code)?))
}

pub(super) fn slug(text: &str) -> Result<Slug, RepositoryError> {
    Slug::parse(text).map_err(|_| corrupt("slug"))
}

pub(super) fn email(text: &str) -> Result<EmailAddress, RepositoryError> {
    EmailAddress::parse(text).map_err(|_| corrupt("e-mail address"))
}

pub(super) fn count(number: i64) -> Result<u32, RepositoryError> {
    u32::try_from(number).map_err(|_| corrupt("count"))
}

/// The place of a thing among its like.
pub(super) fn position(index: usize) -> i32 {
    i32::try_from(index).unwrap_or(i32::MAX)
}
