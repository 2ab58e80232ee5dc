//! What signing in keeps: sessions, counts of attempts, short-lived ceremonies, open password resets, and what an account
//! can be besides active.

use crate::building::{at_least, drop_tables, index, part_of, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    pk_uuid, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // `password_hash` stays NOT NULL, since SQLite can't change a column: it is empty for an account without a password.
        for column in [
            text_null("phone"),
            text_null("avatar_url"),
            timestamp_with_time_zone_null("disabled_at"),
            timestamp_with_time_zone_null("deleted_at"),
        ] {
            manager.alter_table(Table::alter().table("users").add_column(column).take()).await?;
        }
        manager.create_index(index("users", "created_at", &["created_at", "id"])).await?;

        let sessions = Table::create()
            .table("sessions")
            .col(pk_uuid("id"))
            .col(uuid("user_id"))
            .col(text("seed"))
            .col(at_least(0, "generation"))
            .col(text("address"))
            .col(text("device"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("proven_at"))
            .col(timestamp_with_time_zone("rotated_at"))
            .col(timestamp_with_time_zone("expires_at"))
            .col(timestamp_with_time_zone_null("ended_at"))
            .foreign_key(&mut part_of("sessions", "user_id", "users"))
            .take();
        manager.create_table(sessions).await?;
        manager.create_index(index("sessions", "user", &["user_id", "created_at"])).await?;
        manager.create_index(index("sessions", "expires_at", &["expires_at"])).await?;

        let attempt_counts = Table::create()
            .table("attempt_counts")
            .col(text("key").primary_key())
            .col(at_least(0, "used"))
            .col(timestamp_with_time_zone("resets_at"))
            .take();
        manager.create_table(attempt_counts).await?;
        manager.create_index(index("attempt_counts", "resets_at", &["resets_at"])).await?;

        let ceremonies = Table::create()
            .table("ceremonies")
            .col(text("digest").primary_key())
            .col(text("kind"))
            .col(uuid_null("user_id"))
            .col(text("data"))
            .col(at_least(0, "tries_left"))
            .col(timestamp_with_time_zone("expires_at"))
            .foreign_key(&mut part_of("ceremonies", "user_id", "users"))
            .take();
        manager.create_table(ceremonies).await?;
        manager.create_index(index("ceremonies", "user", &["user_id", "kind"])).await?;
        manager.create_index(index("ceremonies", "expires_at", &["expires_at"])).await?;

        let password_resets = Table::create()
            .table("password_resets")
            .col(uuid("user_id").primary_key())
            .col(timestamp_with_time_zone("requested_at"))
            .col(text_null("digest"))
            .col(timestamp_with_time_zone_null("expires_at"))
            .foreign_key(&mut part_of("password_resets", "user_id", "users"))
            .take();
        manager.create_table(password_resets).await?;
        manager.create_index(unique("password_resets", "digest", &["digest"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["password_resets", "ceremonies", "attempt_counts", "sessions"]).await?;
        manager.drop_index(Index::drop().name("ix_users_created_at").table("users").to_owned()).await?;
        for column in ["deleted_at", "disabled_at", "avatar_url", "phone"] {
            manager.alter_table(Table::alter().table("users").drop_column(column).take()).await?;
        }
        Ok(())
    }
}
