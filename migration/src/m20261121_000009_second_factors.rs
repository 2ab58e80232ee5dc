//! Second factors: authenticator apps, recovery codes, passkeys.

use crate::building::{at_least, drop_tables, index, part_of, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{pk_uuid, text, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // `last_step` is the newest 30-second step whose code was used: a code works once.
        let totp = Table::create()
            .table("totp")
            .col(uuid("user_id").primary_key())
            .col(text("sealed_secret"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("confirmed_at"))
            .col(at_least(0, "last_step"))
            .foreign_key(&mut part_of("totp", "user_id", "users"))
            .take();
        manager.create_table(totp).await?;

        let recovery_codes = Table::create()
            .table("recovery_codes")
            .col(pk_uuid("id"))
            .col(uuid("user_id"))
            .col(text("digest"))
            .col(timestamp_with_time_zone_null("used_at"))
            .foreign_key(&mut part_of("recovery_codes", "user_id", "users"))
            .take();
        manager.create_table(recovery_codes).await?;
        manager.create_index(unique("recovery_codes", "user_digest", &["user_id", "digest"])).await?;

        // `passkey` is what the WebAuthn library keeps, as JSON text.
        let passkeys = Table::create()
            .table("passkeys")
            .col(pk_uuid("id"))
            .col(uuid("user_id"))
            .col(text("credential_id"))
            .col(text("passkey"))
            .col(text("name"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("last_used_at"))
            .foreign_key(&mut part_of("passkeys", "user_id", "users"))
            .take();
        manager.create_table(passkeys).await?;
        manager.create_index(unique("passkeys", "credential_id", &["credential_id"])).await?;
        manager.create_index(index("passkeys", "user", &["user_id", "created_at"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["passkeys", "recovery_codes", "totp"]).await
    }
}
