//! People, the open proofs of their addresses, and the tokens that are refused.

use crate::building::{both_or_neither, drop_tables, index, one_of, part_of, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    integer_null, pk_uuid, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let users = Table::create()
            .table("users")
            .col(pk_uuid("id"))
            .col(text("email"))
            .col(text_null("name"))
            .col(one_of("role", &["customer", "seller", "admin"]))
            .col(text_null("shop_name"))
            .col(text("password_hash"))
            .col(timestamp_with_time_zone_null("email_verified_at"))
            .col(timestamp_with_time_zone("created_at"))
            .take();
        manager.create_table(users).await?;
        manager.create_index(unique("users", "email", &["email"])).await?;

        let email_verifications = Table::create()
            .table("email_verifications")
            .col(uuid("user_id").primary_key())
            .col(timestamp_with_time_zone("requested_at"))
            .col(text_null("code_digest"))
            .col(timestamp_with_time_zone_null("code_expires_at"))
            .col(integer_null("tries_left").check(Expr::col("tries_left").gte(0)))
            .check(both_or_neither("code_digest", "code_expires_at"))
            .check(both_or_neither("code_digest", "tries_left"))
            .foreign_key(&mut part_of("email_verifications", "user_id", "users"))
            .take();
        manager.create_table(email_verifications).await?;

        let denied_tokens = Table::create()
            .table("denied_tokens")
            .col(pk_uuid("id"))
            .col(timestamp_with_time_zone("expires_at"))
            .take();
        manager.create_table(denied_tokens).await?;
        manager.create_index(index("denied_tokens", "expires_at", &["expires_at"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["denied_tokens", "email_verifications", "users"]).await
    }
}
