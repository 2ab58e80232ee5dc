//! Typed ids: a cart's id can't be taken for an order's. All are UUIDs, version 7 where we draw them.

use std::fmt;
use uuid::Uuid;

macro_rules! typed_ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// Gives the meaning of this type to a bare UUID.
            #[must_use]
            pub const fn new(id: Uuid) -> Self {
                Self(id)
            }

            /// The bare UUID, for storage and transport.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

typed_ids! {
    /// A person with an account: customer, seller or admin.
    UserId,
    /// A sign-in that lasts: one browser or program of a user, over all its tokens.
    SessionId,
    /// An access token (its `jti`).
    TokenId,
    /// An API key.
    ApiKeyId,
    /// A line of the security log.
    SecurityEventId,
    /// An address in someone's address book.
    AddressId,
    /// A category of the catalogue.
    CategoryId,
    /// A material of the catalogue.
    MaterialId,
    /// A product.
    ProductId,
    /// A variant of a product: the thing that has a price and a stock.
    VariantId,
    /// A picture of a product.
    ImageId,
    /// A cart. Knowing a guest cart's id is the right to use it.
    CartId,
    /// A line of a cart.
    CartLineId,
    /// An order.
    OrderId,
    /// A line of an order.
    OrderLineId,
    /// An attempt to pay.
    PaymentId,
    /// A passkey.
    PasskeyId,
    /// A gift card.
    GiftCardId,
    /// Gift cards that were issued together.
    GiftCardBatchId,
    /// Money that went back to a customer.
    RefundId,
    /// Money that was sent to a seller.
    PayoutId,
    /// An address that a merchant wants to be told of events at.
    WebhookId,
    /// An event on its way to such an address.
    WebhookDeliveryId,
    /// A transaction of the ledger.
    LedgerTransactionId,
    /// An entry of a transaction of the ledger.
    LedgerEntryId,
}
