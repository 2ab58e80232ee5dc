//! The catalogue: browsing it, and selling in it.

pub mod arrange_handlers;
pub mod change_dto;
pub mod dto;
pub mod handlers;
pub mod place_dto;
pub mod problems;
pub mod query;
pub mod seller_dto;
pub mod seller_handlers;
pub mod slugs;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(handlers::list_products)
        .service(handlers::get_product)
        .service(handlers::list_categories)
        .service(handlers::list_materials)
        .service(handlers::get_seller)
        .service(seller_handlers::list_own_products)
        .service(seller_handlers::create_product)
        .service(seller_handlers::get_own_product)
        .service(seller_handlers::update_product)
        .service(seller_handlers::remove_product)
        .service(arrange_handlers::create_category)
        .service(arrange_handlers::update_category)
        .service(arrange_handlers::merge_category)
        .service(arrange_handlers::remove_category)
        .service(arrange_handlers::create_material)
        .service(arrange_handlers::update_material)
        .service(arrange_handlers::merge_material)
        .service(arrange_handlers::remove_material);
}
