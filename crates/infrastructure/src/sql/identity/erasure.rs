//! Removing what belongs to a person alone: over the tables of all contexts, so that what is added to an account later has
//! one place where it must be named.

use crate::sql::Sql;
use crate::sql::audit::entity::security_event;
use crate::sql::cart::entity::cart;
use crate::sql::catalog::entity::product;
use crate::sql::error::from_db;
use crate::sql::stored::StoredText;
use crate::sql::webhooks::entity::webhook;
use application::RepositoryError;
use application::identity::ports::AccountErasure;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::catalog::ProductStatus;
use domain::kernel::UserId;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};

/// The tables of which a person's rows go with them, each with its `user_id`.
const OWN_ROWS: [&str; 11] = [
    "sessions",
    "ceremonies",
    "password_resets",
    "email_verifications",
    "email_changes",
    "user_addresses",
    "totp",
    "recovery_codes",
    "passkeys",
    "api_keys",
    "linked_identities",
];

#[async_trait]
impl AccountErasure for Sql<DatabaseTransaction> {
    async fn erase(&self, user: UserId, now: DateTime<Utc>) -> Result<(), RepositoryError> {
        for table in OWN_ROWS {
            let own = Expr::col("user_id").eq(user.uuid());
            let delete = Query::delete().from_table(Alias::new(table)).and_where(own).to_owned();
            self.0.execute(&delete).await.map_err(from_db)?;
        }
        let told = webhook::Entity::delete_many().filter(webhook::Column::SellerId.eq(user.uuid()));
        told.exec(&self.0).await.map_err(from_db)?;
        let open_carts = cart::Entity::delete_many()
            .filter(cart::Column::UserId.eq(user.uuid()))
            .filter(cart::Column::OrderId.is_null());
        open_carts.exec(&self.0).await.map_err(from_db)?;
        let off_sale = product::Entity::update_many()
            .col_expr(product::Column::Status, Expr::value(ProductStatus::Archived.text()))
            .col_expr(product::Column::UpdatedAt, Expr::value(now))
            .filter(product::Column::SellerId.eq(user.uuid()))
            .filter(product::Column::Status.eq(ProductStatus::Active.text()));
        off_sale.exec(&self.0).await.map_err(from_db)?;
        self.blank_log(user).await
    }
}

impl Sql<DatabaseTransaction> {
    /// What someone else did to the user (an admin) keeps where that other one was.
    async fn blank_log(&self, user: UserId) -> Result<(), RepositoryError> {
        use security_event::Column::{ActorId, Address, Device, Email, UserId as Whom};
        let nothing = || Expr::value(Option::<String>::None);
        let done_by_them = Condition::any()
            .add(ActorId.eq(user.uuid()))
            .add(Condition::all().add(Whom.eq(user.uuid())).add(ActorId.is_null()));
        let whence = security_event::Entity::update_many()
            .col_expr(Address, nothing())
            .col_expr(Device, nothing())
            .filter(done_by_them);
        whence.exec(&self.0).await.map_err(from_db)?;
        let who = security_event::Entity::update_many().col_expr(Email, nothing()).filter(Whom.eq(user.uuid()));
        who.exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }
}
