//! Room for what money does beside being paid by card for an order: top-ups, holds for review, refunds, disputes, and what an
//! order takes of gift cards and balance. SQLite can't loosen a CHECK or a NOT NULL, so those tables are built anew with
//! their rows. New columns have constant defaults, so that copies of the program that still run can go on writing.
//!
//! `orders` has children and is left as it is: that an order is refunded stands beside its status.

use crate::building::{
    at_least, at_least_null, both_or_neither, copy, currency, drop_tables, index, one_of, one_of_null, part_of,
    primary_key, rebuild, reference, replace, unique,
};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, blob, integer, pk_uuid, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null,
    uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

const PAYMENT: [&str; 13] = [
    "id",
    "order_id",
    "user_id",
    "amount",
    "currency",
    "status",
    "session_id",
    "session_url",
    "success_url",
    "cancel_url",
    "created_at",
    "updated_at",
    "unknown_since",
];
const ORDER_EVENT: [&str; 4] = ["order_id", "position", "kind", "at"];
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
const KINDS: [&str; 10] = [
    "top_up",
    "order_held",
    "order_paid",
    "order_hold_released",
    "gift_card_issued",
    "gift_card_sold",
    "gift_card_redeemed",
    "gift_card_expired",
    "refund",
    "payout",
];
const NEW_KINDS: [&str; 4] = ["refund_failed", "dispute", "dispute_won", "payout_failed"];
const EVENTS: [&str; 5] = ["placed", "paid", "payment_failed", "cancelled", "expired"];
const NEW_EVENTS: [&str; 10] = [
    "payment_held",
    "refunded",
    "refund_failed",
    "disputed",
    "dispute_won",
    "dispute_lost",
    "fulfilled",
    "delivered",
    "return_requested",
    "returned",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rebuild(manager, "payments", payments(), &PAYMENT).await?;
        index_payments(manager).await?;
        let by_user = index("payments", "user_created_at", &["user_id", "created_at"]);
        let by_client = index("payments", "client_created_at", &["client_digest", "created_at"]);
        let by_review = index("payments", "review_created_at", &["review", "created_at"]);
        let by_intent = index("payments", "intent", &["intent_id"]);
        for index in [by_user, by_client, by_review, by_intent] {
            manager.create_index(index).await?;
        }

        let events = order_events(&[&EVENTS[..], &NEW_EVENTS[..]].concat())
            .col(at_least_null(0, "amount"))
            .col(text_null("detail"))
            .take();
        rebuild(manager, "order_events", events, &ORDER_EVENT).await?;

        let refunded = at_least(0, "refunded_amount").default(0).take();
        manager.alter_table(Table::alter().table("orders").add_column(refunded).take()).await?;

        // What an order took besides the card, in the order in which it is paid in.
        let tenders = Table::create()
            .table("order_tenders")
            .col(uuid("order_id"))
            .col(integer("position"))
            .col(one_of("kind", &["gift_card", "balance"]))
            .col(uuid_null("gift_card_id"))
            .col(uuid_null("user_id"))
            .col(at_least(1, "amount"))
            .primary_key(&mut primary_key(&["order_id", "position"]))
            .foreign_key(&mut part_of("order_tenders", "order_id", "orders"))
            .foreign_key(&mut reference("order_tenders", "gift_card_id", "gift_cards"))
            .foreign_key(&mut reference("order_tenders", "user_id", "users"))
            .take();
        manager.create_table(tenders).await?;
        manager.create_index(index("order_tenders", "gift_card", &["gift_card_id"])).await?;

        rebuild_ledger(manager, &[&KINDS[..], &NEW_KINDS[..]].concat()).await
    }

    /// # Errors
    /// When there are rows that had no room before.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rebuild_ledger(manager, &KINDS).await?;
        drop_tables(manager, &["order_tenders"]).await?;
        manager.alter_table(Table::alter().table("orders").drop_column("refunded_amount").take()).await?;
        rebuild(manager, "order_events", order_events(&EVENTS), &ORDER_EVENT).await?;
        rebuild(manager, "payments", payments_before(), &PAYMENT).await?;
        index_payments(manager).await
    }
}

fn payments() -> TableCreateStatement {
    let states = ["created", "submitted", "authorized", "captured", "declined", "voided"];
    let refunded = Expr::col("refunded_amount").lte(Expr::col("amount"));
    let whose = Expr::col("order_id").is_not_null().or(Expr::col("user_id").is_not_null());
    attempts(uuid_null("order_id"), &states)
        .col(one_of("method", &["card", "balance"]).default("card"))
        .col(text_null("description"))
        .col(text_null("intent_id"))
        .col(at_least(0, "refunded_amount").default(0))
        .col(one_of_null("dispute", &["open", "won", "lost"]))
        .col(text_null("held_reasons"))
        .col(one_of_null("review", &["open", "approved", "rejected"]))
        .col(uuid_null("reviewed_by"))
        .col(timestamp_with_time_zone_null("reviewed_at"))
        .col(text_null("client_digest"))
        .check(refunded)
        .check(whose)
        .foreign_key(&mut reference("payments", "reviewed_by", "users"))
        .take()
}

fn payments_before() -> TableCreateStatement {
    attempts(uuid("order_id"), &["created", "submitted", "captured", "declined", "voided"])
}

fn attempts(order_id: ColumnDef, states: &[&'static str]) -> TableCreateStatement {
    Table::create()
        .col(pk_uuid("id"))
        .col(order_id)
        .col(uuid_null("user_id"))
        .col(at_least(0, "amount"))
        .col(currency())
        .col(one_of("status", states))
        .col(text_null("session_id"))
        .col(text_null("session_url"))
        .col(text("success_url"))
        .col(text("cancel_url"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .col(timestamp_with_time_zone_null("unknown_since"))
        .check(both_or_neither("session_id", "session_url"))
        .foreign_key(&mut reference("payments", "order_id", "orders"))
        .foreign_key(&mut reference("payments", "user_id", "users"))
        .take()
}

async fn index_payments(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager.create_index(unique("payments", "order", &["order_id"])).await
}

fn order_events(kinds: &[&'static str]) -> TableCreateStatement {
    Table::create()
        .col(uuid("order_id"))
        .col(integer("position"))
        .col(one_of("kind", kinds))
        .col(timestamp_with_time_zone("at"))
        .primary_key(&mut primary_key(&["order_id", "position"]))
        .foreign_key(&mut part_of("order_events", "order_id", "orders"))
        .take()
}

/// Transactions and their entries go together: these refer to those.
async fn rebuild_ledger(manager: &SchemaManager<'_>, kinds: &[&'static str]) -> Result<(), DbErr> {
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
        .col(one_of("account", &ACCOUNTS))
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
