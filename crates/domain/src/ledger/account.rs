//! The accounts of the ledger. Those of a customer, a gift card and an order have a floor: they never go below zero, and
//! have a running balance that says so. All others are touched by every sale, and have none, so that no row is the
//! bottleneck of the shop.

use crate::kernel::{GiftCardId, OrderId, UserId};
use std::fmt;
use uuid::Uuid;

/// Where money is. Their order is the order in which they are locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// What is left on a gift card.
    GiftCard(GiftCardId),
    /// What an order holds of its customer's balance and gift cards until it is paid.
    OrderHold(OrderId),
    /// What a customer has with the shop.
    StoreBalance(UserId),
    /// What a seller is owed.
    Seller(UserId),
    /// What payment gateways took for us and have not handed over: negative.
    Clearing,
    /// What the platform keeps of sales.
    PlatformFees,
    /// Tax to be paid on.
    Tax,
    /// What customers paid for delivery.
    Shipping,
    /// The value of gift cards that were given away: negative, an expense.
    GiftCardsGranted,
    /// What was left on gift cards that expired.
    Breakage,
    /// What was sent to sellers.
    Payouts,
    /// What gateways keep for themselves of disputes: negative, an expense.
    GatewayFees,
}

crate::named! {
    /// What sort of account it is.
    #[derive(PartialOrd, Ord, Hash)]
    pub enum AccountKind {
        /// Of gift cards.
        GiftCard = "gift_card",
        /// Of orders.
        OrderHold = "order_hold",
        /// Of customers.
        StoreBalance = "store_balance",
        /// Of sellers.
        Seller = "seller",
        /// Of gateways.
        Clearing = "clearing",
        /// The platform's fees.
        PlatformFees = "platform_fees",
        /// Tax.
        Tax = "tax",
        /// Delivery.
        Shipping = "shipping",
        /// Gift cards that were given away.
        GiftCardsGranted = "gift_cards_granted",
        /// Gift cards that expired.
        Breakage = "breakage",
        /// Sent to sellers.
        Payouts = "payouts",
        /// Kept by gateways.
        GatewayFees = "gateway_fees",
    }
}

impl AccountKind {
    /// Whether accounts of this kind never go below zero.
    #[must_use]
    pub const fn has_floor(self) -> bool {
        matches!(self, Self::GiftCard | Self::OrderHold | Self::StoreBalance)
    }
}

impl Account {
    /// What sort of account it is.
    #[must_use]
    pub const fn kind(self) -> AccountKind {
        match self {
            Self::GiftCard(_) => AccountKind::GiftCard,
            Self::OrderHold(_) => AccountKind::OrderHold,
            Self::StoreBalance(_) => AccountKind::StoreBalance,
            Self::Seller(_) => AccountKind::Seller,
            Self::Clearing => AccountKind::Clearing,
            Self::PlatformFees => AccountKind::PlatformFees,
            Self::Tax => AccountKind::Tax,
            Self::Shipping => AccountKind::Shipping,
            Self::GiftCardsGranted => AccountKind::GiftCardsGranted,
            Self::Breakage => AccountKind::Breakage,
            Self::Payouts => AccountKind::Payouts,
            Self::GatewayFees => AccountKind::GatewayFees,
        }
    }

    /// Whose it is: a gift card's, an order's, a user's; `None` for the shop's own.
    #[must_use]
    pub const fn owner(self) -> Option<Uuid> {
        match self {
            Self::GiftCard(card) => Some(card.uuid()),
            Self::OrderHold(order) => Some(order.uuid()),
            Self::StoreBalance(user) | Self::Seller(user) => Some(user.uuid()),
            Self::Clearing
            | Self::PlatformFees
            | Self::Tax
            | Self::Shipping
            | Self::GiftCardsGranted
            | Self::Breakage
            | Self::Payouts
            | Self::GatewayFees => None,
        }
    }
}

/// `store_balance:019a...`, or `clearing`.
impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.owner() {
            Some(owner) => write!(f, "{}:{owner}", self.kind().name()),
            None => f.write_str(self.kind().name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_known_by_its_name() {
        assert!(AccountKind::ALL.iter().all(|kind| AccountKind::parse(kind.name()) == Some(*kind)));
        assert_eq!(AccountKind::parse("cash"), None);
    }

    #[test]
    fn accounts_that_every_sale_touches_have_no_floor() {
        let with_floor: Vec<_> =
            AccountKind::ALL.iter().filter(|kind| kind.has_floor()).map(|kind| kind.name()).collect();
        assert_eq!(with_floor, ["gift_card", "order_hold", "store_balance"]);
    }

    #[test]
    fn an_account_is_named_with_its_owner() {
        let balance = Account::StoreBalance(UserId::new(Uuid::from_u128(7)));
        assert_eq!(balance.to_string(), "store_balance:00000000-0000-0000-0000-000000000007");
        assert_eq!(Account::Clearing.to_string(), "clearing");
    }
}
