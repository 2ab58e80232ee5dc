//! The database schema, written once for PostgreSQL and SQLite. A landed migration is never edited: another follows.
//!
//! Names are plain, money is a `bigint` of minor units beside its currency, enums are text with a CHECK, and every time
//! is bound by the program (there are no defaults that read the database's clock). Unique keys are indexes of their own,
//! named after what they keep unique: adapters know a violation by that name, and SQLite can drop them later.

#![expect(elided_lifetimes_in_paths, reason = "the signatures of MigrationTrait are written so")]

mod building;
mod m20261121_000001_identity;
mod m20261121_000002_catalog;
mod m20261121_000003_cart;
mod m20261121_000004_orders;
mod m20261121_000005_payments;
mod m20261121_000006_jobs;
mod m20261121_000007_idempotency;
mod m20261121_000008_sign_in;
mod m20261121_000009_second_factors;
mod m20261121_000010_accounts;
mod m20261121_000011_audit;
mod m20261121_000020_idempotency_claims;
mod m20261121_000030_unknown_payments;
mod m20261121_000031_ledger;
mod m20261121_000040_gift_cards;
mod m20261121_000050_money;
mod m20261121_000051_payments;
mod m20261121_000052_refunds;
mod m20261121_000053_webhooks;
mod m20261121_000054_gift_card_batches;
mod m20261121_000056_gifts;
mod m20261121_000057_orders_without_address;
mod m20261121_000058_money_back;
mod m20261121_000059_payment_cards;
mod m20261121_000060_urgent_jobs;
mod m20261121_000061_top_up_refunds;
mod m20261121_000063_looking_up;
mod m20261121_000066_slugs;
mod m20261121_000067_variants;
mod running;

pub use running::{migrate, pending, take_back};
pub use sea_orm_migration::{DbErr, MigratorTrait};

use sea_orm_migration::prelude::*;

/// All migrations, in their order.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_identity::Migration),
            Box::new(m20261121_000002_catalog::Migration),
            Box::new(m20261121_000003_cart::Migration),
            Box::new(m20261121_000004_orders::Migration),
            Box::new(m20261121_000005_payments::Migration),
            Box::new(m20261121_000006_jobs::Migration),
            Box::new(m20261121_000007_idempotency::Migration),
            Box::new(m20261121_000008_sign_in::Migration),
            Box::new(m20261121_000009_second_factors::Migration),
            Box::new(m20261121_000010_accounts::Migration),
            Box::new(m20261121_000011_audit::Migration),
            Box::new(m20261121_000020_idempotency_claims::Migration),
            Box::new(m20261121_000030_unknown_payments::Migration),
            Box::new(m20261121_000031_ledger::Migration),
            Box::new(m20261121_000040_gift_cards::Migration),
            Box::new(m20261121_000050_money::Migration),
            Box::new(m20261121_000051_payments::Migration),
            Box::new(m20261121_000052_refunds::Migration),
            Box::new(m20261121_000053_webhooks::Migration),
            Box::new(m20261121_000054_gift_card_batches::Migration),
            Box::new(m20261121_000056_gifts::Migration),
            Box::new(m20261121_000057_orders_without_address::Migration),
            Box::new(m20261121_000058_money_back::Migration),
            Box::new(m20261121_000059_payment_cards::Migration),
            Box::new(m20261121_000060_urgent_jobs::Migration),
            Box::new(m20261121_000061_top_up_refunds::Migration),
            Box::new(m20261121_000063_looking_up::Migration),
            Box::new(m20261121_000066_slugs::Migration),
            Box::new(m20261121_000067_variants::Migration),
        ]
    }
}
