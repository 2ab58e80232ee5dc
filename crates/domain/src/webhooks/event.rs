//! What merchants can be told of.

crate::named! {
    /// What happened.
    pub enum EventKind {
        /// A customer placed an order.
        OrderPlaced = "order.placed",
        /// It is paid.
        OrderPaid = "order.paid",
        /// It was given up before it was paid.
        OrderCancelled = "order.cancelled",
        /// It was not paid in time.
        OrderExpired = "order.expired",
        /// Money of it went back.
        OrderRefunded = "order.refunded",
        /// An attempt to pay succeeded.
        PaymentSucceeded = "payment.succeeded",
        /// It failed.
        PaymentFailed = "payment.failed",
        /// It waits for somebody to look at it.
        PaymentHeld = "payment.held",
        /// The customer disputes it.
        PaymentDisputed = "payment.disputed",
        /// A gift card was issued.
        GiftCardIssued = "gift_card.issued",
        /// What was on it went into someone's balance.
        GiftCardRedeemed = "gift_card.redeemed",
        /// It is kept from being used.
        GiftCardDisabled = "gift_card.disabled",
        /// It may be used again.
        GiftCardEnabled = "gift_card.enabled",
        /// Its time is over.
        GiftCardExpired = "gift_card.expired",
        /// Nothing happened: somebody tries whether events arrive.
        Test = "webhook.test",
    }
}

impl EventKind {
    /// Whether an endpoint can ask for it; the test comes without being asked for.
    #[must_use]
    pub const fn can_be_asked_for(self) -> bool {
        !matches!(self, Self::Test)
    }

    /// Whether sellers are told of it, for what is theirs of it. Gift cards are the platform's.
    #[must_use]
    pub const fn concerns_sellers(self) -> bool {
        match self {
            Self::OrderPlaced
            | Self::OrderPaid
            | Self::OrderCancelled
            | Self::OrderExpired
            | Self::OrderRefunded
            | Self::PaymentSucceeded
            | Self::PaymentFailed
            | Self::PaymentHeld
            | Self::PaymentDisputed => true,
            Self::GiftCardIssued
            | Self::GiftCardRedeemed
            | Self::GiftCardDisabled
            | Self::GiftCardEnabled
            | Self::GiftCardExpired
            | Self::Test => false,
        }
    }
}
