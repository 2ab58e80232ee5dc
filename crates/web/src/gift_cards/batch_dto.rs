//! Batches of gift cards on the wire.

use crate::extract::text;
use crate::problem::Problem;
use crate::wire::{self, Money, lists};
use application::gift_cards::batch_desk::{BatchCodes, BatchWish};
use chrono::{DateTime, SecondsFormat, Utc};
use domain::gift_cards::{BatchStatus as Status, GiftCardBatch as Batch};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// How a batch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GiftCardBatchStatus {
    /// Its cards are being issued.
    Issuing,
    /// All of them are, and their codes can be downloaded.
    Ready,
    /// Their codes were downloaded.
    Downloaded,
    /// Nobody downloaded the codes in time: nobody can any more.
    Lapsed,
}

impl From<Status> for GiftCardBatchStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Issuing => Self::Issuing,
            Status::Ready => Self::Ready,
            Status::Downloaded => Self::Downloaded,
            Status::Lapsed => Self::Lapsed,
        }
    }
}

/// Gift cards that are issued together.
#[derive(Debug, Serialize, ToSchema)]
pub struct GiftCardBatch {
    /// Its id.
    pub id: Uuid,
    /// What each card is worth.
    pub value: Money,
    /// How many cards it is to have.
    pub quantity: u32,
    /// How many it has.
    pub issued: u32,
    /// How it stands.
    pub status: GiftCardBatchStatus,
    /// From when on the cards are worth nothing.
    #[schema(required)]
    pub expires_at: Option<DateTime<Utc>>,
    /// What they are for.
    #[schema(required)]
    pub note: Option<String>,
    /// Who has them issued.
    pub issued_by: Uuid,
    /// Until when the codes can be downloaded, once all cards are issued.
    #[schema(required)]
    pub codes_until: Option<DateTime<Utc>>,
    /// When the codes were downloaded.
    #[schema(required)]
    pub downloaded_at: Option<DateTime<Utc>>,
    /// By whom.
    #[schema(required)]
    pub downloaded_by: Option<Uuid>,
    /// Since when an admin keeps all its cards from being used.
    #[schema(required)]
    pub disabled_at: Option<DateTime<Utc>>,
    /// When it was ordered.
    pub created_at: DateTime<Utc>,
}

impl From<Batch> for GiftCardBatch {
    fn from(batch: Batch) -> Self {
        Self {
            id: batch.id.uuid(),
            status: batch.status().into(),
            codes_until: batch.codes_until(),
            value: batch.value.into(),
            quantity: batch.quantity,
            issued: batch.issued,
            expires_at: batch.expires_at,
            note: batch.note,
            issued_by: batch.issued_by.uuid(),
            downloaded_at: batch.downloaded_at,
            downloaded_by: batch.downloaded_by.map(domain::kernel::UserId::uuid),
            disabled_at: batch.disabled_at,
            created_at: batch.created_at,
        }
    }
}

lists! {
    /// A page of batches of gift cards.
    GiftCardBatchPage of GiftCardBatch,
}

/// What batch is to be issued.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderGiftCardBatchRequest {
    /// What each card is worth.
    #[validate(custom(function = wire::price))]
    pub value: Money,
    /// How many cards.
    #[validate(range(min = 1, max = 10_000))]
    #[schema(minimum = 1, maximum = 10_000)]
    pub quantity: u32,
    /// From when on they are worth nothing; never without it.
    #[validate(custom(function = wire::time))]
    pub expires_at: Option<DateTime<Utc>>,
    /// What they are for; only admins see it.
    #[serde(default, deserialize_with = "text::trimmed_or_none")]
    #[validate(length(max = 200), custom(function = text::one_line))]
    #[schema(max_length = 200)]
    pub note: Option<String>,
}

impl OrderGiftCardBatchRequest {
    /// What is wished for.
    ///
    /// # Errors
    /// 422 when the currency is none.
    pub fn into_wish(self) -> Result<BatchWish, Problem> {
        Ok(BatchWish {
            value: self.value.into_domain("/value")?,
            quantity: self.quantity,
            expires_at: self.expires_at,
            note: self.note,
        })
    }
}

/// What is to be different about a batch.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateGiftCardBatchRequest {
    /// Whether all its cards are kept from being used.
    pub disabled: bool,
}

/// The codes as lines of CSV (RFC 4180). Nothing in a line comes from people, so nothing needs quoting, and no cell is taken
/// for a formula.
#[must_use]
pub fn codes_csv(told: &BatchCodes) -> String {
    let value = told.batch.value.to_string();
    let (amount, currency) = value.split_once(' ').unwrap_or_default();
    let until = told.batch.expires_at.map(|end| end.to_rfc3339_opts(SecondsFormat::Secs, true)).unwrap_or_default();
    let line = |(card, code): &(domain::kernel::GiftCardId, domain::gift_cards::GiftCardCode)| {
        format!("{},{amount},{currency},{until},{card}\r\n", code.written())
    };
    std::iter::once("code,value,currency,expires_at,gift_card_id\r\n".to_owned())
        .chain(told.codes.iter().map(line))
        .collect()
}
