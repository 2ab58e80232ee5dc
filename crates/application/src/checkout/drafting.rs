//! The step that draws up a new order: its ids, the number that people quote, and its lines as they are at this moment.

use super::place_order::Checkout;
use crate::cart::shop::{CartLineView, CartView};
use crate::system::{IdGenerator, SecretSource, order_number};
use domain::kernel::{OrderId, OrderLineId, PaymentId, UserId};
use domain::orders::{NewOrder, OrderLine, SellerSnapshot};
use domain::payments::ReturnUrls;
use std::sync::Arc;

/// Draws up orders.
pub struct Drafting {
    /// Draws ids.
    pub ids: Arc<dyn IdGenerator>,
    /// Draws order numbers.
    pub secrets: Arc<dyn SecretSource>,
}

impl Drafting {
    /// What a cart becomes for this customer.
    pub(super) fn order(&self, view: &CartView, checkout: &Checkout, user_id: Option<UserId>) -> NewOrder {
        NewOrder {
            id: OrderId::new(self.ids.next()),
            number: order_number(self.secrets.bytes()),
            cart_id: view.cart.id,
            checkout_key: checkout.key.clone(),
            user_id,
            email: checkout.email.clone(),
            currency: view.cart.currency,
            lines: view.lines.iter().map(|line| self.line(line)).collect(),
            shipping_address: checkout.shipping_address.clone(),
        }
    }

    /// The id of its payment.
    pub(super) fn payment(&self) -> PaymentId {
        PaymentId::new(self.ids.next())
    }

    fn line(&self, line: &CartLineView) -> OrderLine {
        OrderLine {
            id: OrderLineId::new(self.ids.next()),
            product_id: line.offer.product_id,
            variant_id: line.offer.variant_id,
            sku: line.offer.sku.clone(),
            title: line.offer.title.clone(),
            options: line.offer.options.clone(),
            quantity: line.line.quantity,
            unit_price: line.offer.price,
            total: line.total,
            seller: SellerSnapshot { id: line.offer.seller.id, shop_name: line.offer.seller.shop_name.clone() },
            category: line.offer.category.clone(),
            materials: line.offer.materials.clone(),
            gift: line.line.gift.clone(),
        }
    }
}

/// Where the customer comes back to, with the order's id. The token is filled in when the gateway is told (`submission`): it is
/// not stored.
pub(super) fn fill_in(urls: &ReturnUrls, order: OrderId) -> ReturnUrls {
    let order = order.to_string();
    let fill = |url: &str| url.replace("{ORDER_ID}", &order);
    ReturnUrls { success: fill(&urls.success), cancel: fill(&urls.cancel) }
}
