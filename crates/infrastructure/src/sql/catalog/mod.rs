//! The catalogue: categories, materials, and products with their variants, materials and pictures.

pub(super) mod entity;
mod filter;
mod offers;
mod parts;
mod queries;
mod repository;
mod rows;
mod stock;
