//! The catalogue: browsing it, and putting products on sale.

pub mod arrange_categories;
pub mod arrange_materials;
pub mod browse;
pub mod gift_products;
pub mod ports;
pub mod sell;
pub mod views;
