//! The vocabulary that every context shares: money, typed ids, e-mail addresses, slugs, safe rich text and pages.
//! It deliberately holds no rule of any single context.

mod applied;
pub mod crockford;
mod currency;
mod email;
mod fold;
mod gift;
mod ids;
mod money;
mod named;
mod page;
mod rich_text;
mod slug;

pub use applied::Applied;
pub use currency::{Currency, UnknownCurrency};
pub use email::{EmailAddress, InvalidEmail};
pub use fold::fold;
pub use gift::{DayRefusal, Gift};
pub use ids::{
    AddressId, ApiKeyId, CartId, CartLineId, CategoryId, GiftCardBatchId, GiftCardId, ImageId, LedgerEntryId,
    LedgerTransactionId, MaterialId, OrderId, OrderLineId, PasskeyId, PaymentId, PayoutId, ProductId, RefundId,
    SecurityEventId, SessionId, TokenId, UserId, VariantId, WebhookDeliveryId, WebhookId,
};
pub use money::{Money, MoneyError};
pub use page::{Cursor, Limit, Page, PageRequest};
pub use rich_text::RichText;
pub use slug::{InvalidSlug, Slug};
