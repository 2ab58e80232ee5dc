//! Authenticator apps and recovery codes.

use super::passkeys::passkey;
use crate::sql::error::from_db;
use crate::sql::{OWN, Sql};
use application::RepositoryError;
use application::identity::ports::{
    FactorQueries, RecoveryCodeRepository, SecondFactor, StoredRecoveryCode, TotpRepository,
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::identity::{CodeDigest, CredentialId, Passkey, Totp, TotpStep};
use domain::kernel::UserId;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

mod totp {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "totp")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
        pub sealed_secret: String,
        pub created_at: DateTimeUtc,
        pub confirmed_at: Option<DateTimeUtc>,
        pub last_step: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    impl std::fmt::Debug for Model {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.debug_struct("Totp").field("user_id", &self.user_id).finish_non_exhaustive()
        }
    }
}

mod recovery_code {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "recovery_codes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub user_id: Uuid,
        pub digest: String,
        pub used_at: Option<DateTimeUtc>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

impl From<totp::Model> for Totp {
    fn from(row: totp::Model) -> Self {
        Self {
            user_id: UserId::new(row.user_id),
            sealed_secret: row.sealed_secret,
            created_at: row.created_at,
            confirmed_at: row.confirmed_at,
            last_step: TotpStep(row.last_step),
        }
    }
}

#[async_trait]
impl TotpRepository for Sql<DatabaseTransaction> {
    async fn lock(&self, user: UserId) -> Result<Option<Totp>, RepositoryError> {
        let row = totp::Entity::find_by_id(user.uuid()).lock(OWN).one(&self.0).await.map_err(from_db)?;
        Ok(row.map(Totp::from))
    }

    async fn save(&self, totp: &Totp) -> Result<(), RepositoryError> {
        use totp::Column::{ConfirmedAt, CreatedAt, LastStep, SealedSecret, UserId};
        let row = totp::ActiveModel {
            user_id: Set(totp.user_id.uuid()),
            sealed_secret: Set(totp.sealed_secret.clone()),
            created_at: Set(totp.created_at),
            confirmed_at: Set(totp.confirmed_at),
            last_step: Set(totp.last_step.0),
        };
        let or_write =
            OnConflict::column(UserId).update_columns([SealedSecret, CreatedAt, ConfirmedAt, LastStep]).to_owned();
        totp::Entity::insert(row).on_conflict(or_write).exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn use_step(&self, user: UserId, step: TotpStep) -> Result<bool, RepositoryError> {
        let used = totp::Entity::update_many()
            .col_expr(totp::Column::LastStep, Expr::value(step.0))
            .filter(totp::Column::UserId.eq(user.uuid()))
            .filter(totp::Column::ConfirmedAt.is_not_null())
            .filter(totp::Column::LastStep.lt(step.0));
        Ok(used.exec(&self.0).await.map_err(from_db)?.rows_affected == 1)
    }

    async fn delete(&self, user: UserId) -> Result<(), RepositoryError> {
        totp::Entity::delete_by_id(user.uuid()).exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }
}

#[async_trait]
impl RecoveryCodeRepository for Sql<DatabaseTransaction> {
    async fn replace(&self, user: UserId, codes: &[StoredRecoveryCode]) -> Result<(), RepositoryError> {
        RecoveryCodeRepository::delete(self, user).await?;
        let rows = codes.iter().map(|code| recovery_code::ActiveModel {
            id: Set(code.id),
            user_id: Set(user.uuid()),
            digest: Set(code.digest.0.clone()),
            used_at: Set(None),
        });
        recovery_code::Entity::insert_many(rows).exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn spend(&self, user: UserId, digest: &CodeDigest, now: DateTime<Utc>) -> Result<bool, RepositoryError> {
        let spent = recovery_code::Entity::update_many()
            .col_expr(recovery_code::Column::UsedAt, Expr::value(now))
            .filter(recovery_code::Column::UserId.eq(user.uuid()))
            .filter(recovery_code::Column::Digest.eq(&digest.0))
            .filter(recovery_code::Column::UsedAt.is_null());
        Ok(spent.exec(&self.0).await.map_err(from_db)?.rows_affected == 1)
    }

    async fn delete(&self, user: UserId) -> Result<(), RepositoryError> {
        let theirs = recovery_code::Entity::delete_many().filter(recovery_code::Column::UserId.eq(user.uuid()));
        theirs.exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }
}

#[async_trait]
impl FactorQueries for Sql<DatabaseConnection> {
    async fn totp_enabled_at(&self, user: UserId) -> Result<Option<DateTime<Utc>>, RepositoryError> {
        let row = totp::Entity::find_by_id(user.uuid()).one(&self.0).await.map_err(from_db)?;
        Ok(row.and_then(|row| row.confirmed_at))
    }

    async fn recovery_codes_left(&self, user: UserId) -> Result<u64, RepositoryError> {
        let left = recovery_code::Entity::find()
            .filter(recovery_code::Column::UserId.eq(user.uuid()))
            .filter(recovery_code::Column::UsedAt.is_null());
        left.count(&self.0).await.map_err(from_db)
    }

    async fn passkeys(&self, user: UserId) -> Result<Vec<Passkey>, RepositoryError> {
        let theirs = passkey::Entity::find().filter(passkey::Column::UserId.eq(user.uuid()));
        let sorted = theirs.order_by_asc(passkey::Column::CreatedAt).order_by_asc(passkey::Column::Id);
        let rows = sorted.all(&self.0).await.map_err(from_db)?;
        Ok(rows.into_iter().map(Passkey::from).collect())
    }

    async fn find_passkey(&self, credential: &CredentialId) -> Result<Option<Passkey>, RepositoryError> {
        let found = passkey::Entity::find().filter(passkey::Column::CredentialId.eq(&credential.0));
        Ok(found.one(&self.0).await.map_err(from_db)?.map(Passkey::from))
    }
}

/// By what a user can prove themself besides the password.
pub(super) async fn second_factors(
    sql: &Sql<DatabaseConnection>,
    user: UserId,
) -> Result<Vec<SecondFactor>, RepositoryError> {
    let mut factors = Vec::new();
    if sql.totp_enabled_at(user).await?.is_some() {
        factors.push(SecondFactor::Totp);
        if sql.recovery_codes_left(user).await? > 0 {
            factors.push(SecondFactor::RecoveryCode);
        }
    }
    let passkeys = passkey::Entity::find().filter(passkey::Column::UserId.eq(user.uuid()));
    if passkeys.count(&sql.0).await.map_err(from_db)? > 0 {
        factors.push(SecondFactor::Passkey);
    }
    Ok(factors)
}
