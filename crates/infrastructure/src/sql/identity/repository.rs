//! Changing people, the proofs of their addresses, and the denylist.

use super::entity::{denied_token, email_verification, user, with_pending_email};
use crate::sql::error::from_db;
use crate::sql::stored::StoredText;
use crate::sql::{OWN, Sql};
use application::RepositoryError;
use application::identity::ports::{EmailVerificationRepository, TokenDenylist, UserRepository};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::identity::{EmailVerification, Role, User};
use domain::kernel::{EmailAddress, TokenId, UserId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};

#[async_trait]
impl UserRepository for Sql<DatabaseTransaction> {
    async fn insert(&self, user: &User) -> Result<(), RepositoryError> {
        let row = user::Model::from(user).into_active_model();
        user::Entity::insert(row).exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn lock(&self, id: UserId) -> Result<Option<User>, RepositoryError> {
        let found = user::Entity::find_by_id(id.uuid()).lock(OWN);
        let row = with_pending_email(found).one(&self.0).await.map_err(from_db)?;
        row.map(User::try_from).transpose()
    }

    async fn lock_by_email(&self, email: &EmailAddress) -> Result<Option<User>, RepositoryError> {
        let found = user::Entity::find().filter(user::Column::Email.eq(email.as_str()));
        let row = with_pending_email(found.lock(OWN)).one(&self.0).await.map_err(from_db)?;
        row.map(User::try_from).transpose()
    }

    async fn lock_admins(&self) -> Result<Vec<UserId>, RepositoryError> {
        let admins = user::Entity::find()
            .filter(user::Column::Role.eq(Role::Admin.text()))
            .filter(user::Column::DisabledAt.is_null())
            .filter(user::Column::DeletedAt.is_null())
            .order_by_asc(user::Column::Id)
            .lock(OWN);
        let rows = admins.all(&self.0).await.map_err(from_db)?;
        Ok(rows.into_iter().map(|row| UserId::new(row.id)).collect())
    }

    async fn update(&self, user: &User) -> Result<(), RepositoryError> {
        let row = user::Model::from(user).into_active_model().reset_all();
        let this = user::Entity::update_many().set(row).filter(user::Column::Id.eq(user.id.uuid()));
        this.exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }
}

#[async_trait]
impl EmailVerificationRepository for Sql<DatabaseTransaction> {
    async fn lock(&self, user_id: UserId) -> Result<Option<EmailVerification>, RepositoryError> {
        let found = email_verification::Entity::find_by_id(user_id.uuid());
        let row = found.lock(OWN).one(&self.0).await.map_err(from_db)?;
        row.map(EmailVerification::try_from).transpose()
    }

    async fn save(&self, verification: &EmailVerification) -> Result<(), RepositoryError> {
        use email_verification::Column::{CodeDigest, CodeExpiresAt, RequestedAt, TriesLeft, UserId};
        let row = email_verification::Model::from(verification).into_active_model();
        let or_write =
            OnConflict::column(UserId).update_columns([RequestedAt, CodeDigest, CodeExpiresAt, TriesLeft]).to_owned();
        let insert = email_verification::Entity::insert(row).on_conflict(or_write);
        insert.exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn delete(&self, user_id: UserId) -> Result<(), RepositoryError> {
        email_verification::Entity::delete_by_id(user_id.uuid()).exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }
}

#[async_trait]
impl TokenDenylist for Sql<DatabaseTransaction> {
    async fn deny(&self, token: TokenId, expires_at: DateTime<Utc>) -> Result<(), RepositoryError> {
        let row = denied_token::ActiveModel { id: Set(token.uuid()), expires_at: Set(expires_at) };
        let again = OnConflict::column(denied_token::Column::Id).do_nothing().to_owned();
        let insert = denied_token::Entity::insert(row).on_conflict(again);
        insert.exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn purge(&self, now: DateTime<Utc>) -> Result<u64, RepositoryError> {
        let expired = denied_token::Entity::delete_many().filter(denied_token::Column::ExpiresAt.lte(now));
        Ok(expired.exec(&self.0).await.map_err(from_db)?.rows_affected)
    }
}
