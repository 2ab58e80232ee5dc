//! Orders: what was bought, at which prices, and what became of it. Everything an order says is a snapshot of the moment
//! of checkout; a later change of a product changes no order.

mod address;
mod order;
mod tender;

pub use address::ShippingAddress;
pub use order::{
    NewOrder, Order, OrderEvent, OrderEventKind, OrderLine, OrderNumber, OrderRefusal, OrderState, OrderStatus,
    PlaceRefusal, SellerSnapshot,
};
pub use tender::{Tender, TenderSource};
