//! Gift cards on the wire.

use crate::extract::text;
use crate::problem::Problem;
use crate::wire::gift::{GiftFields, LONGEST_MESSAGE, LONGEST_NAME, lines};
use crate::wire::{self, Money, lists};
use application::gift_cards::issue::{IssueWish, IssuedCard};
use application::gift_cards::ports::{CardWithBalance, Liability};
use application::gift_cards::redeem::Redeemed;
use chrono::{DateTime, NaiveDate, Utc};
use domain::gift_cards::GiftCardStatus as Status;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// How a gift card stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GiftCardStatus {
    /// It can be used.
    Active,
    /// An admin keeps it from being used, or it was taken back when its price went back to who had bought it.
    Disabled,
    /// What was on it is someone's balance, or all spent.
    Redeemed,
    /// It is too late.
    Expired,
}

impl From<Status> for GiftCardStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Active => Self::Active,
            Status::Disabled => Self::Disabled,
            Status::Redeemed => Self::Redeemed,
            Status::Expired => Self::Expired,
        }
    }
}

/// A gift card, as admins see it. Its code is not known any more.
#[derive(Debug, Serialize, ToSchema)]
pub struct GiftCard {
    /// Its id.
    pub id: Uuid,
    /// The last four characters of its code.
    #[schema(example = "7KX2")]
    pub last4: String,
    /// What it was worth when it was issued.
    pub value: Money,
    /// What is left on it.
    pub balance: Money,
    /// How it stands.
    pub status: GiftCardStatus,
    /// For whom it was made.
    #[schema(required)]
    pub recipient_email: Option<String>,
    /// From when on it is worth nothing.
    #[schema(required)]
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was taken back, since its price went back to who had bought it: it can't be enabled again.
    #[schema(required)]
    pub voided_at: Option<DateTime<Utc>>,
    /// When what was left went into someone's balance.
    #[schema(required)]
    pub redeemed_at: Option<DateTime<Utc>>,
    /// Into whose.
    #[schema(required)]
    pub redeemed_by: Option<Uuid>,
    /// When it was issued.
    pub created_at: DateTime<Utc>,
}

impl GiftCard {
    /// The card as it stands now.
    #[must_use]
    pub fn at(found: CardWithBalance, now: DateTime<Utc>) -> Self {
        let status = found.card.status(found.balance, now).into();
        let CardWithBalance { card, balance } = found;
        Self {
            id: card.id.uuid(),
            last4: card.last4,
            value: card.value.into(),
            balance: balance.into(),
            status,
            recipient_email: card.recipient_email.map(|email| email.to_string()),
            expires_at: card.expires_at,
            voided_at: card.voided_at,
            redeemed_at: card.redeemed_at,
            redeemed_by: card.redeemed_by.map(domain::kernel::UserId::uuid),
            created_at: card.created_at,
        }
    }
}

/// A new gift card.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewGiftCard {
    /// What is kept of it.
    #[serde(flatten)]
    pub card: GiftCard,
    /// The code, shown this once: whoever knows it has the money.
    #[schema(example = "8Q2M-7KX2-4HTN-0WZC-9D3E-RVJB")]
    pub code: String,
}

impl NewGiftCard {
    /// The card as it was issued.
    #[must_use]
    pub fn of(issued: IssuedCard, now: DateTime<Utc>) -> Self {
        let balance = issued.card.value;
        let card = GiftCard::at(CardWithBalance { card: issued.card, balance }, now);
        Self { card, code: issued.code.written() }
    }
}

/// New gift cards.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewGiftCards {
    /// All of them.
    pub data: Vec<NewGiftCard>,
}

lists! {
    /// A page of gift cards.
    GiftCardPage of GiftCard,
}

/// What cards are to be issued.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueGiftCardsRequest {
    /// What each is worth.
    #[validate(custom(function = wire::price))]
    pub value: Money,
    /// How many; one without it.
    #[serde(default = "one")]
    #[validate(range(min = 1, max = 100))]
    #[schema(minimum = 1, maximum = 100, default = 1)]
    pub quantity: u32,
    /// From when on they are worth nothing; never without it.
    #[validate(custom(function = wire::time))]
    pub expires_at: Option<DateTime<Utc>>,
    /// To whom each is mailed, with its code; nobody without it.
    #[serde(default, deserialize_with = "text::trimmed_or_none")]
    #[validate(custom(function = text::email))]
    #[schema(format = "email")]
    pub recipient_email: Option<String>,
    /// How the mail greets them.
    #[serde(default, deserialize_with = "text::trimmed_or_none")]
    #[validate(length(max = "LONGEST_NAME"), custom(function = text::one_line))]
    #[schema(max_length = 60)]
    pub recipient_name: Option<String>,
    /// From whom it is, as the mail says.
    #[serde(default, deserialize_with = "text::trimmed_or_none")]
    #[validate(length(max = "LONGEST_NAME"), custom(function = text::one_line))]
    #[schema(max_length = 60)]
    pub sender_name: Option<String>,
    /// What the mail says, in lines.
    #[serde(default, deserialize_with = "text::trimmed_or_none")]
    #[validate(length(max = "LONGEST_MESSAGE"), custom(function = lines))]
    #[schema(max_length = 500)]
    pub message: Option<String>,
    /// On which day the mail is sent (at 8:00 UTC); at once without it. Within a year.
    #[serde(default)]
    pub deliver_on: Option<NaiveDate>,
}

const fn one() -> u32 {
    1
}

impl IssueGiftCardsRequest {
    /// What is wished for.
    ///
    /// # Errors
    /// 422 when the currency or the address is none, or words are for nobody.
    pub fn into_wish(self) -> Result<IssueWish, Problem> {
        let words = self.recipient_name.is_some() || self.sender_name.is_some() || self.message.is_some();
        if self.recipient_email.is_none() && (words || self.deliver_on.is_some()) {
            return Err(Problem::invalid_field("/recipient_email", "required", "is needed for what is mailed"));
        }
        let fields = |recipient_email| GiftFields {
            recipient_email,
            recipient_name: self.recipient_name,
            sender_name: self.sender_name,
            message: self.message,
            deliver_on: self.deliver_on,
        };
        Ok(IssueWish {
            value: self.value.into_domain("/value")?,
            quantity: self.quantity,
            expires_at: self.expires_at,
            gift: self.recipient_email.map(fields).map(GiftFields::into_domain).transpose()?,
        })
    }
}

/// Whether a card may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangedGiftCardStatus {
    /// It may.
    Active,
    /// It may not.
    Disabled,
}

/// What is to be different about a card.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateGiftCardRequest {
    /// Whether it may be used.
    pub status: ChangedGiftCardStatus,
}

/// A code.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiftCardCodeRequest {
    /// As somebody typed it: case, dashes and spaces don't count.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    pub code: String,
}

/// What a code is worth.
#[derive(Debug, Serialize, ToSchema)]
pub struct GiftCardWorth {
    /// What the card was worth when it was issued.
    pub value: Money,
    /// What is left on it.
    pub balance: Money,
    /// How it stands.
    pub status: GiftCardStatus,
    /// From when on it is worth nothing.
    #[schema(required)]
    pub expires_at: Option<DateTime<Utc>>,
}

impl GiftCardWorth {
    /// The card as it stands now.
    #[must_use]
    pub fn at(found: &CardWithBalance, now: DateTime<Utc>) -> Self {
        Self {
            value: found.card.value.into(),
            balance: found.balance.into(),
            status: found.card.status(found.balance, now).into(),
            expires_at: found.card.expires_at,
        }
    }
}

/// What was redeemed.
#[derive(Debug, Serialize, ToSchema)]
pub struct RedeemedGiftCard {
    /// The card.
    pub gift_card_id: Uuid,
    /// What was left on it.
    pub credited: Money,
    /// Your store balance in that currency now.
    pub store_balance: Money,
}

impl From<Redeemed> for RedeemedGiftCard {
    fn from(redeemed: Redeemed) -> Self {
        Self {
            gift_card_id: redeemed.gift_card.uuid(),
            credited: redeemed.credited.into(),
            store_balance: redeemed.store_balance.into(),
        }
    }
}

/// What the shop owes to the holders of cards in one currency.
#[derive(Debug, Serialize, ToSchema)]
pub struct GiftCardLiability {
    /// On how many cards something is left.
    pub cards: u64,
    /// How much in all.
    pub outstanding: Money,
}

impl From<Liability> for GiftCardLiability {
    fn from(liability: Liability) -> Self {
        Self { cards: liability.cards, outstanding: liability.outstanding.into() }
    }
}

/// What the shop owes to the holders of cards, in each currency.
#[derive(Debug, Serialize, ToSchema)]
pub struct GiftCardLiabilities {
    /// Each currency.
    pub data: Vec<GiftCardLiability>,
    /// Always `null`.
    #[schema(required)]
    pub next_cursor: Option<String>,
}
