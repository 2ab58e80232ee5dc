//! Gift cards: for admins, and for whoever has a code.

pub mod admin_handlers;
pub mod batch_dto;
pub mod batch_handlers;
pub mod delivery;
pub mod dto;
pub mod handlers;
pub mod order_gifts;
pub mod problems;
pub mod products;
pub mod query;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes, below `/api/v1`. The fixed addresses stand before those with an id.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(handlers::check_gift_card)
        .service(handlers::redeem_gift_card)
        .service(admin_handlers::list_gift_card_liabilities)
        .service(batch_handlers::order_gift_card_batch)
        .service(batch_handlers::list_gift_card_batches)
        .service(batch_handlers::get_gift_card_batch)
        .service(batch_handlers::update_gift_card_batch)
        .service(batch_handlers::download_gift_card_codes)
        .service(admin_handlers::issue_gift_cards)
        .service(admin_handlers::list_gift_cards)
        .service(order_gifts::list_order_gifts)
        .service(order_gifts::readdress_order_gift)
        .service(products::list_everyones_products)
        .service(products::decide_gift_card_product)
        .service(delivery::get_gift_card_delivery)
        .service(delivery::send_gift_card_again)
        .service(admin_handlers::get_gift_card)
        .service(admin_handlers::update_gift_card);
}
