//! Open password resets.

use crate::sql::error::from_db;
use crate::sql::{OWN, Sql};
use application::RepositoryError;
use application::identity::ports::{PasswordReset, PasswordResetQueries, PasswordResetRepository, ResetLink};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::UserId;
use password_reset::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
};

mod password_reset {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "password_resets")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
        pub requested_at: DateTimeUtc,
        pub digest: Option<String>,
        pub expires_at: Option<DateTimeUtc>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

impl From<Model> for PasswordReset {
    fn from(row: Model) -> Self {
        let link = row.digest.zip(row.expires_at).map(|(digest, expires_at)| ResetLink { digest, expires_at });
        Self { user_id: UserId::new(row.user_id), requested_at: row.requested_at, link }
    }
}

#[async_trait]
impl PasswordResetRepository for Sql<DatabaseTransaction> {
    async fn lock(&self, user: UserId) -> Result<Option<PasswordReset>, RepositoryError> {
        let row = Entity::find_by_id(user.uuid()).lock(OWN).one(&self.0).await.map_err(from_db)?;
        Ok(row.map(Into::into))
    }

    async fn save(&self, reset: &PasswordReset) -> Result<(), RepositoryError> {
        let row = ActiveModel {
            user_id: Set(reset.user_id.uuid()),
            requested_at: Set(reset.requested_at),
            digest: Set(reset.link.as_ref().map(|link| link.digest.clone())),
            expires_at: Set(reset.link.as_ref().map(|link| link.expires_at)),
        };
        let or_write = OnConflict::column(Column::UserId)
            .update_columns([Column::RequestedAt, Column::Digest, Column::ExpiresAt])
            .to_owned();
        Entity::insert(row).on_conflict(or_write).exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn redeem(&self, digest: &str, now: DateTime<Utc>) -> Result<Option<UserId>, RepositoryError> {
        let taken = Entity::delete_many().filter(Column::Digest.eq(digest)).filter(Column::ExpiresAt.gt(now));
        let rows = taken.exec_with_returning(&self.0).await.map_err(from_db)?;
        Ok(rows.first().map(|row| UserId::new(row.user_id)))
    }

    async fn delete(&self, user: UserId) -> Result<(), RepositoryError> {
        Entity::delete_by_id(user.uuid()).exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }
}

#[async_trait]
impl PasswordResetQueries for Sql<DatabaseConnection> {
    async fn owner(&self, digest: &str, now: DateTime<Utc>) -> Result<Option<UserId>, RepositoryError> {
        let good = Entity::find().filter(Column::Digest.eq(digest)).filter(Column::ExpiresAt.gt(now));
        let row = good.one(&self.0).await.map_err(from_db)?;
        Ok(row.map(|row| UserId::new(row.user_id)))
    }
}
