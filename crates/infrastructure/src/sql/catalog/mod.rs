//! The catalogue: categories, materials, and products with their variants, materials and pictures.

mod categories;
pub(super) mod entity;
mod filter;
mod materials;
mod offers;
mod parts;
mod queries;
mod repository;
mod rows;
mod slugs;
mod stock;
