//! What money back brings with it: gift cards that are taken back whole, with what a refund had to leave of an order, and movements
//! of the ledger that had no name: that one, and what a gateway keeps for a dispute, so that a large ledger is copied once. SQLite
//! can't widen a CHECK, so the ledger's tables are built anew with their rows.

use crate::building::{
    at_least, at_least_null, copy, currency, drop_tables, index, one_of, part_of, primary_key, reference, replace,
    unique,
};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, blob, integer, pk_uuid, text, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TRANSACTION: [&str; 10] =
    ["id", "chain", "position", "kind", "reference", "order_id", "payment_id", "gift_card_id", "created_at", "digest"];
const ENTRY: [&str; 11] = [
    "id",
    "transaction_id",
    "position",
    "account",
    "owner_id",
    "amount",
    "currency",
    "account_position",
    "balance_after",
    "user_id",
    "created_at",
];
const ACCOUNTS: [&str; 11] = [
    "gift_card",
    "order_hold",
    "store_balance",
    "seller",
    "clearing",
    "platform_fees",
    "tax",
    "shipping",
    "gift_cards_granted",
    "breakage",
    "payouts",
];
const NEW_ACCOUNTS: [&str; 1] = ["gateway_fees"];
const KINDS: [&str; 14] = [
    "top_up",
    "order_held",
    "order_paid",
    "order_hold_released",
    "gift_card_issued",
    "gift_card_sold",
    "gift_card_redeemed",
    "gift_card_expired",
    "refund",
    "refund_failed",
    "dispute",
    "dispute_won",
    "payout",
    "payout_failed",
];
const NEW_KINDS: [&str; 3] = ["gift_card_voided", "dispute_fee", "dispute_fee_returned"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let voided = timestamp_with_time_zone_null("voided_at");
        manager.alter_table(Table::alter().table("gift_cards").add_column(voided).take()).await?;

        let kept = Table::create()
            .table("refund_kept")
            .col(uuid("refund_id"))
            .col(uuid("line_id"))
            .col(at_least(0, "quantity"))
            .col(at_least(1, "amount"))
            .primary_key(&mut primary_key(&["refund_id", "line_id"]))
            .foreign_key(&mut part_of("refund_kept", "refund_id", "refunds"))
            .foreign_key(&mut reference("refund_kept", "line_id", "order_lines"))
            .take();
        manager.create_table(kept).await?;

        rebuild_ledger(manager, &[&KINDS[..], &NEW_KINDS[..]].concat(), &[&ACCOUNTS[..], &NEW_ACCOUNTS[..]].concat())
            .await
    }

    /// # Errors
    /// When there are rows that had no room before.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rebuild_ledger(manager, &KINDS, &ACCOUNTS).await?;
        drop_tables(manager, &["refund_kept"]).await?;
        manager.alter_table(Table::alter().table("gift_cards").drop_column("voided_at").take()).await
    }
}

/// Transactions and their entries go together: these refer to those.
async fn rebuild_ledger(
    manager: &SchemaManager<'_>,
    kinds: &[&'static str],
    accounts: &[&'static str],
) -> Result<(), DbErr> {
    let transactions = Table::create()
        .col(pk_uuid("id"))
        .col(text("chain"))
        .col(at_least(1, "position"))
        .col(one_of("kind", kinds))
        .col(text("reference"))
        .col(uuid_null("order_id"))
        .col(uuid_null("payment_id"))
        .col(uuid_null("gift_card_id"))
        .col(timestamp_with_time_zone("created_at"))
        .col(blob("digest"))
        .take();
    let entries = Table::create()
        .col(pk_uuid("id"))
        .col(uuid("transaction_id"))
        .col(integer("position"))
        .col(one_of("account", accounts))
        .col(uuid_null("owner_id"))
        .col(big_integer("amount").check(Expr::col("amount").ne(0i64)))
        .col(currency())
        .col(at_least_null(1, "account_position"))
        .col(at_least_null(0, "balance_after"))
        .col(uuid_null("user_id"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut reference("ledger_entries", "transaction_id", "ledger_transactions_anew"))
        .take();
    copy(manager, "ledger_transactions", transactions, &TRANSACTION).await?;
    copy(manager, "ledger_entries", entries, &ENTRY).await?;
    replace(manager, "ledger_entries").await?;
    replace(manager, "ledger_transactions").await?; // the entries' reference follows the name

    let (account, seen) = (["owner_id", "account", "currency", "account_position"], ["user_id", "created_at", "id"]);
    let indexes = [
        unique("ledger_transactions", "reference", &["reference"]),
        unique("ledger_transactions", "chain_position", &["chain", "position"]),
        index("ledger_transactions", "order", &["order_id"]),
        unique("ledger_entries", "position", &["transaction_id", "position"]),
        unique("ledger_entries", "account_position", &account),
        index("ledger_entries", "user_created_at", &seen),
    ];
    for index in indexes {
        manager.create_index(index).await?;
    }
    Ok(())
}
