//! Sessions.

use crate::sql::Sql;
use crate::sql::error::{corrupt, from_db};
use application::RepositoryError;
use application::identity::ports::{SessionQueries, SessionRepository, SessionUse};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::{SessionId, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, DatabaseConnection, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};
use session::{Column, Entity, Model};

pub mod session {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sessions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub user_id: Uuid,
        pub seed: String,
        pub generation: i64,
        pub address: String,
        pub device: String,
        pub created_at: DateTimeUtc,
        pub proven_at: DateTimeUtc,
        pub rotated_at: DateTimeUtc,
        pub expires_at: DateTimeUtc,
        pub ended_at: Option<DateTimeUtc>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    impl std::fmt::Debug for Model {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.debug_struct("Session").field("id", &self.id).finish_non_exhaustive()
        }
    }
}

impl From<&domain::identity::Session> for Model {
    fn from(session: &domain::identity::Session) -> Self {
        Self {
            id: session.id.uuid(),
            user_id: session.user_id.uuid(),
            seed: hex::encode(session.seed),
            generation: session.generation,
            address: session.address.clone(),
            device: session.device.clone(),
            created_at: session.created_at,
            proven_at: session.proven_at,
            rotated_at: session.rotated_at,
            expires_at: session.expires_at,
            ended_at: session.ended_at,
        }
    }
}

impl TryFrom<Model> for domain::identity::Session {
    type Error = RepositoryError;

    fn try_from(row: Model) -> Result<Self, RepositoryError> {
        let mut seed = [0; 32];
        hex::decode_to_slice(&row.seed, &mut seed).map_err(|_| corrupt("seed of a session"))?;
        Ok(Self {
            id: SessionId::new(row.id),
            user_id: UserId::new(row.user_id),
            seed,
            generation: row.generation,
            address: row.address,
            device: row.device,
            created_at: row.created_at,
            proven_at: row.proven_at,
            rotated_at: row.rotated_at,
            expires_at: row.expires_at,
            ended_at: row.ended_at,
        })
    }
}

#[async_trait]
impl SessionRepository for Sql<DatabaseTransaction> {
    async fn insert(&self, session: &domain::identity::Session) -> Result<(), RepositoryError> {
        let row = Model::from(session).into_active_model();
        Entity::insert(row).exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn find(&self, id: SessionId) -> Result<Option<domain::identity::Session>, RepositoryError> {
        let row = Entity::find_by_id(id.uuid()).one(&self.0).await.map_err(from_db)?;
        row.map(TryInto::try_into).transpose()
    }

    async fn rotate(&self, id: SessionId, from: i64, use_: &SessionUse) -> Result<bool, RepositoryError> {
        let next = from.checked_add(1).ok_or_else(|| corrupt("generation of a session"))?;
        let moved = Entity::update_many()
            .col_expr(Column::Generation, Expr::value(next))
            .col_expr(Column::RotatedAt, Expr::value(use_.at))
            .col_expr(Column::ExpiresAt, Expr::value(use_.expires_at))
            .col_expr(Column::Address, Expr::value(use_.address.as_str()))
            .filter(Column::Id.eq(id.uuid()))
            .filter(Column::Generation.eq(from))
            .filter(Column::EndedAt.is_null())
            .filter(Column::ExpiresAt.gt(use_.at));
        Ok(moved.exec(&self.0).await.map_err(from_db)?.rows_affected == 1)
    }

    async fn prove(&self, id: SessionId, now: DateTime<Utc>) -> Result<(), RepositoryError> {
        let proven =
            Entity::update_many().col_expr(Column::ProvenAt, Expr::value(now)).filter(Column::Id.eq(id.uuid()));
        proven.exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn end(&self, user: UserId, id: SessionId, now: DateTime<Utc>) -> Result<bool, RepositoryError> {
        let ended = end(user, now).filter(Column::Id.eq(id.uuid()));
        Ok(ended.exec(&self.0).await.map_err(from_db)?.rows_affected == 1)
    }

    async fn end_all(&self, user: UserId, but: Option<SessionId>, now: DateTime<Utc>) -> Result<u64, RepositoryError> {
        let mut ended = end(user, now);
        if let Some(this) = but {
            ended = ended.filter(Column::Id.ne(this.uuid()));
        }
        Ok(ended.exec(&self.0).await.map_err(from_db)?.rows_affected)
    }

    async fn purge(&self, before: DateTime<Utc>) -> Result<u64, RepositoryError> {
        let over = Condition::any().add(Column::ExpiresAt.lt(before)).add(Column::EndedAt.lt(before));
        Ok(Entity::delete_many().filter(over).exec(&self.0).await.map_err(from_db)?.rows_affected)
    }
}

fn end(user: UserId, now: DateTime<Utc>) -> sea_orm::UpdateMany<Entity> {
    Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(now))
        .filter(Column::UserId.eq(user.uuid()))
        .filter(Column::EndedAt.is_null())
}

#[async_trait]
impl SessionQueries for Sql<DatabaseConnection> {
    async fn find_session(&self, id: SessionId) -> Result<Option<domain::identity::Session>, RepositoryError> {
        let row = Entity::find_by_id(id.uuid()).one(&self.0).await.map_err(from_db)?;
        row.map(TryInto::try_into).transpose()
    }

    async fn open_sessions(
        &self,
        user: UserId,
        now: DateTime<Utc>,
    ) -> Result<Vec<domain::identity::Session>, RepositoryError> {
        let open = Entity::find()
            .filter(Column::UserId.eq(user.uuid()))
            .filter(Column::EndedAt.is_null())
            .filter(Column::ExpiresAt.gt(now))
            .order_by_desc(Column::RotatedAt)
            .order_by_desc(Column::Id);
        open.all(&self.0).await.map_err(from_db)?.into_iter().map(TryInto::try_into).collect()
    }
}
