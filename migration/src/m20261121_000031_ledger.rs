//! The ledger: transactions in chains, their entries, and the running balances of the accounts that have a floor. Rows
//! outlive what they tell of: there are no foreign keys to other contexts. Orders that were paid before there was a ledger
//! have no transaction, and none is invented for them; which they are is written down here, once.

use crate::building::{at_least, at_least_null, currency, drop_tables, index, one_of, primary_key, reference, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, blob, integer, pk_uuid, text, timestamp_with_time_zone, uuid, uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

const WITH_FLOOR: [&str; 3] = ["gift_card", "order_hold", "store_balance"];
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

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let transactions = Table::create()
            .table("ledger_transactions")
            .col(pk_uuid("id"))
            .col(text("chain"))
            .col(at_least(1, "position"))
            .col(one_of("kind", &KINDS))
            .col(text("reference"))
            .col(uuid_null("order_id"))
            .col(uuid_null("payment_id"))
            .col(uuid_null("gift_card_id"))
            .col(timestamp_with_time_zone("created_at"))
            .col(blob("digest"))
            .take();
        manager.create_table(transactions).await?;
        manager.create_index(unique("ledger_transactions", "reference", &["reference"])).await?;
        manager.create_index(unique("ledger_transactions", "chain_position", &["chain", "position"])).await?;
        manager.create_index(index("ledger_transactions", "order", &["order_id"])).await?;

        // An account that has a floor counts its entries, and each says what was there after it.
        let entries = Table::create()
            .table("ledger_entries")
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
            .foreign_key(&mut reference("ledger_entries", "transaction_id", "ledger_transactions"))
            .take();
        manager.create_table(entries).await?;
        let (account, seen) =
            (["owner_id", "account", "currency", "account_position"], ["user_id", "created_at", "id"]);
        manager.create_index(unique("ledger_entries", "position", &["transaction_id", "position"])).await?;
        manager.create_index(unique("ledger_entries", "account_position", &account)).await?;
        manager.create_index(index("ledger_entries", "user_created_at", &seen)).await?;

        let balances = Table::create()
            .table("ledger_balances")
            .col(uuid("owner_id"))
            .col(one_of("account", &WITH_FLOOR))
            .col(currency())
            .col(at_least(0, "amount"))
            .col(at_least(1, "entries"))
            .primary_key(&mut primary_key(&["owner_id", "account", "currency"]))
            .take();
        manager.create_table(balances).await?;

        let forerunners = Table::create().table("orders_paid_before_ledger").col(uuid("order_id").primary_key()).take();
        manager.create_table(forerunners).await?;
        let paid = Query::select().column("id").from("orders").and_where(Expr::col("status").eq("paid")).take();
        let mut note = Query::insert().into_table("orders_paid_before_ledger").columns(["order_id"]).take();
        note.select_from(paid).map_err(|error| DbErr::Custom(error.to_string()))?;
        manager.get_connection().execute(&note).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = ["orders_paid_before_ledger", "ledger_balances", "ledger_entries", "ledger_transactions"];
        drop_tables(manager, &tables).await
    }
}
