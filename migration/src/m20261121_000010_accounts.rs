//! What belongs to an account: its identities elsewhere, its API keys, its addresses, and an open change of e-mail.

use crate::building::{at_least, drop_tables, index, part_of, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    boolean, json_binary, pk_uuid, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let linked_identities = Table::create()
            .table("linked_identities")
            .col(pk_uuid("id"))
            .col(uuid("user_id"))
            .col(text("provider"))
            .col(text("subject"))
            .col(text_null("email"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut part_of("linked_identities", "user_id", "users"))
            .take();
        manager.create_table(linked_identities).await?;
        let provider_subject = unique("linked_identities", "provider_subject", &["provider", "subject"]);
        manager.create_index(provider_subject).await?;
        manager.create_index(index("linked_identities", "user", &["user_id", "created_at"])).await?;

        let api_keys = Table::create()
            .table("api_keys")
            .col(pk_uuid("id"))
            .col(uuid("user_id"))
            .col(text("name"))
            .col(text("prefix"))
            .col(text("digest"))
            .col(json_binary("scopes"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("last_used_at"))
            .col(timestamp_with_time_zone_null("expires_at"))
            .col(timestamp_with_time_zone_null("revoked_at"))
            .foreign_key(&mut part_of("api_keys", "user_id", "users"))
            .take();
        manager.create_table(api_keys).await?;
        manager.create_index(unique("api_keys", "digest", &["digest"])).await?;
        manager.create_index(index("api_keys", "user", &["user_id", "created_at"])).await?;

        let user_addresses = Table::create()
            .table("user_addresses")
            .col(pk_uuid("id"))
            .col(uuid("user_id"))
            .col(text("name"))
            .col(text("line1"))
            .col(text_null("line2"))
            .col(text("city"))
            .col(text("postal_code"))
            .col(text_null("region"))
            .col(text("country"))
            .col(boolean("is_default"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("updated_at"))
            .foreign_key(&mut part_of("user_addresses", "user_id", "users"))
            .take();
        manager.create_table(user_addresses).await?;
        manager.create_index(index("user_addresses", "user", &["user_id", "created_at"])).await?;

        // An open change of address: the code that goes to the new one, as with the first proof.
        let email_changes = Table::create()
            .table("email_changes")
            .col(uuid("user_id").primary_key())
            .col(text("email"))
            .col(timestamp_with_time_zone("requested_at"))
            .col(text_null("code_digest"))
            .col(timestamp_with_time_zone_null("code_expires_at"))
            .col(at_least(0, "tries_left"))
            .foreign_key(&mut part_of("email_changes", "user_id", "users"))
            .take();
        manager.create_table(email_changes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["email_changes", "user_addresses", "api_keys", "linked_identities"]).await
    }
}
