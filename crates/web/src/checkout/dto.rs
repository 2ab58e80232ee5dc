//! Checkout on the wire.

use crate::extract::text;
use crate::orders::dto::Order;
use crate::payments::dto::{PaymentStatus, PaymentSummary};
use crate::wire::{self, Money};
use application::checkout::place_order::PlacedOrder;
use application::orders::view::OrderView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// What a customer hands in to buy their cart.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckoutRequest {
    /// Where mails go.
    #[validate(custom(function = text::email))]
    #[schema(format = "email", max_length = 254)]
    pub email: String,
    /// Where the parcel goes. Only where nothing of the cart is shipped, as of gift cards, it may be left out; there it is not kept.
    #[validate(nested)]
    pub shipping_address: Option<ShippingAddress>,
    /// Codes of gift cards, ten at the most, in the order in which they are to be used; case, dashes and spaces don't count.
    /// What is not needed stays on a card.
    #[validate(custom(function = ten_at_most))]
    #[schema(max_items = 10, example = json!(["8Q2M-7KX2-4HTN-0WZC-9D3E-RVJB"]))]
    pub gift_card_codes: Option<Vec<String>>,
    /// Whether your store balance is to be used after the gift cards, as far as it goes; for those who are signed in.
    pub use_balance: Option<bool>,
    /// What the customer was shown; another total is refused.
    #[validate(custom(function = wire::money))]
    pub expected_total: Option<Money>,
    /// Where to come back to after paying: on the shop's own origin, or a path. `{ORDER_ID}` and `{ACCESS_TOKEN}` are
    /// filled in.
    #[serde(default, deserialize_with = "text::trimmed_or_none")]
    #[validate(length(max = 2000), custom(function = text::one_line))]
    #[schema(max_length = 2000, example = "/orders/{ORDER_ID}?token={ACCESS_TOKEN}")]
    pub success_url: Option<String>,
    /// Where to come back to otherwise; likewise.
    #[serde(default, deserialize_with = "text::trimmed_or_none")]
    #[validate(length(max = 2000), custom(function = text::one_line))]
    #[schema(max_length = 2000)]
    pub cancel_url: Option<String>,
}

fn ten_at_most(codes: &[String]) -> Result<(), ValidationError> {
    if codes.len() <= 10 { Ok(()) } else { Err(text::faults([("", "too-long", "must have ten at the most")])) }
}

/// A postal address.
#[derive(Debug, Clone, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShippingAddress {
    /// Who receives it.
    #[serde(deserialize_with = "text::trimmed")]
    #[validate(length(min = 1, max = 200), custom(function = text::one_line))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// Street and number.
    #[serde(deserialize_with = "text::trimmed")]
    #[validate(length(min = 1, max = 200), custom(function = text::one_line))]
    #[schema(min_length = 1, max_length = 200)]
    pub line1: String,
    /// Floor, company, or the like.
    #[serde(default, deserialize_with = "text::trimmed_or_none")]
    #[validate(length(max = 200), custom(function = text::one_line))]
    #[schema(max_length = 200)]
    pub line2: Option<String>,
    /// City.
    #[serde(deserialize_with = "text::trimmed")]
    #[validate(length(min = 1, max = 200), custom(function = text::one_line))]
    #[schema(min_length = 1, max_length = 200)]
    pub city: String,
    /// Postal code.
    #[serde(deserialize_with = "text::trimmed")]
    #[validate(length(min = 1, max = 32), custom(function = text::one_line))]
    #[schema(min_length = 1, max_length = 32)]
    pub postal_code: String,
    /// State, province or county.
    #[serde(default, deserialize_with = "text::trimmed_or_none")]
    #[validate(length(max = 200), custom(function = text::one_line))]
    #[schema(max_length = 200)]
    pub region: Option<String>,
    /// ISO 3166-1 alpha-2, in upper case.
    #[validate(custom(function = text::country))]
    #[schema(min_length = 2, max_length = 2, example = "DE")]
    pub country: String,
}

impl From<ShippingAddress> for domain::orders::ShippingAddress {
    fn from(address: ShippingAddress) -> Self {
        let ShippingAddress { name, line1, line2, city, postal_code, region, country } = address;
        Self { name, line1, line2, city, postal_code, region, country }
    }
}

impl From<domain::orders::ShippingAddress> for ShippingAddress {
    fn from(address: domain::orders::ShippingAddress) -> Self {
        let domain::orders::ShippingAddress { name, line1, line2, city, postal_code, region, country } = address;
        Self { name, line1, line2, city, postal_code, region, country }
    }
}

/// A placed order and how to pay it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckoutResponse {
    /// The order.
    pub order: Order,
    /// The payment.
    pub payment: CheckoutPayment,
}

/// How to pay a placed order.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckoutPayment {
    /// Its id.
    pub id: Uuid,
    /// Where it stands.
    pub status: PaymentStatus,
    /// Where the customer pays. Left out when nothing is left to pay by card, and while the gateway is away; then the order
    /// shows it in a moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub redirect_url: Option<String>,
}

impl From<PlacedOrder> for CheckoutResponse {
    fn from(placed: PlacedOrder) -> Self {
        let PlacedOrder { order, payment, access_token, offers } = placed;
        let images = offers.into_iter().filter_map(|offer| Some((offer.product_id, offer.image?))).collect();
        let PaymentSummary { id, status, redirect_url } = payment.clone().into();
        let order = Order::from(OrderView { order, payment: Some(payment), images });
        Self { order: Order { access_token, ..order }, payment: CheckoutPayment { id, status, redirect_url } }
    }
}
