//! API keys.

use super::entity::user;
use crate::sql::error::from_db;
use crate::sql::stored::{StoredText, StoredTexts};
use crate::sql::{Database, Sql};
use api_key::{Column, Entity, Model};
use application::RepositoryError;
use application::identity::ports::{ApiKeyQueries, ApiKeyRepository, ApiKeyUses, KeyStanding};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::identity::{ApiKey, Role, Scope};
use domain::kernel::{ApiKeyId, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder,
};

mod api_key {
    use crate::sql::identity::entity::user;
    use crate::sql::stored::StoredTexts;
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "api_keys")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub user_id: Uuid,
        pub name: String,
        pub prefix: String,
        pub digest: String,
        #[sea_orm(column_type = "JsonBinary")]
        pub scopes: StoredTexts,
        pub created_at: DateTimeUtc,
        pub last_used_at: Option<DateTimeUtc>,
        pub expires_at: Option<DateTimeUtc>,
        pub revoked_at: Option<DateTimeUtc>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl Related<user::Entity> for Entity {
        fn to() -> RelationDef {
            Entity::belongs_to(user::Entity).from(Column::UserId).to(user::Column::Id).into()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

impl From<&ApiKey> for Model {
    fn from(key: &ApiKey) -> Self {
        Self {
            id: key.id.uuid(),
            user_id: key.user_id.uuid(),
            name: key.name.clone(),
            prefix: key.prefix.clone(),
            digest: key.digest.clone(),
            scopes: StoredTexts(key.scopes.iter().map(|scope| scope.name().to_owned()).collect()),
            created_at: key.created_at,
            last_used_at: key.last_used_at,
            expires_at: key.expires_at,
            revoked_at: key.revoked_at,
        }
    }
}

impl From<Model> for ApiKey {
    fn from(row: Model) -> Self {
        Self {
            id: ApiKeyId::new(row.id),
            user_id: UserId::new(row.user_id),
            name: row.name,
            prefix: row.prefix,
            digest: row.digest,
            // A scope that this version doesn't know gives no right.
            scopes: row.scopes.0.iter().filter_map(|name| Scope::parse(name)).collect(),
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
        }
    }
}

#[async_trait]
impl ApiKeyRepository for Sql<DatabaseTransaction> {
    async fn insert(&self, key: &ApiKey) -> Result<(), RepositoryError> {
        let row = Model::from(key).into_active_model();
        Entity::insert(row).exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn count(&self, user: UserId) -> Result<u64, RepositoryError> {
        let open = Entity::find().filter(Column::UserId.eq(user.uuid())).filter(Column::RevokedAt.is_null());
        open.count(&self.0).await.map_err(from_db)
    }

    async fn revoke(&self, user: UserId, id: ApiKeyId, now: DateTime<Utc>) -> Result<bool, RepositoryError> {
        let revoked = revoke(user, now).filter(Column::Id.eq(id.uuid()));
        Ok(revoked.exec(&self.0).await.map_err(from_db)?.rows_affected == 1)
    }

    async fn revoke_all(&self, user: UserId, now: DateTime<Utc>) -> Result<u64, RepositoryError> {
        Ok(revoke(user, now).exec(&self.0).await.map_err(from_db)?.rows_affected)
    }

    async fn purge(&self, before: DateTime<Utc>) -> Result<u64, RepositoryError> {
        let old = Entity::delete_many().filter(Column::RevokedAt.lt(before));
        Ok(old.exec(&self.0).await.map_err(from_db)?.rows_affected)
    }
}

fn revoke(user: UserId, now: DateTime<Utc>) -> sea_orm::UpdateMany<Entity> {
    Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(now))
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::RevokedAt.is_null())
}

#[async_trait]
impl ApiKeyQueries for Sql<DatabaseConnection> {
    async fn list_keys(&self, user: UserId) -> Result<Vec<ApiKey>, RepositoryError> {
        let open = Entity::find()
            .filter(Column::UserId.eq(user.uuid()))
            .filter(Column::RevokedAt.is_null())
            .order_by_desc(Column::CreatedAt)
            .order_by_desc(Column::Id);
        Ok(open.all(&self.0).await.map_err(from_db)?.into_iter().map(Into::into).collect())
    }

    async fn key_standing(&self, digest: &str) -> Result<Option<KeyStanding>, RepositoryError> {
        let with_owner = Entity::find().filter(Column::Digest.eq(digest)).find_also_related(user::Entity);
        let Some((row, Some(owner))) = with_owner.one(&self.0).await.map_err(from_db)? else { return Ok(None) };
        Ok(Some(KeyStanding {
            key: row.into(),
            role: Role::read(&owner.role)?,
            email_verified: owner.email_verified_at.is_some(),
            active: owner.disabled_at.is_none() && owner.deleted_at.is_none(),
        }))
    }
}

/// Notes the uses of keys, each by one statement.
#[derive(Debug, Clone)]
pub struct SqlApiKeyUses {
    database: Database,
}

impl SqlApiKeyUses {
    /// In this database.
    #[must_use]
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone() }
    }
}

#[async_trait]
impl ApiKeyUses for SqlApiKeyUses {
    async fn note(&self, id: ApiKeyId, now: DateTime<Utc>) -> Result<(), RepositoryError> {
        let used =
            Entity::update_many().col_expr(Column::LastUsedAt, Expr::value(now)).filter(Column::Id.eq(id.uuid()));
        used.exec(self.database.writer()).await.map_err(from_db)?;
        Ok(())
    }
}
