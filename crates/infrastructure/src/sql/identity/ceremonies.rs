//! Ceremonies.

use crate::sql::Sql;
use crate::sql::error::from_db;
use crate::sql::stored::{StoredText, stored_as_text};
use application::RepositoryError;
use application::identity::ports::{Ceremony, CeremonyKind, CeremonyRepository};
use async_trait::async_trait;
use ceremony::{ActiveModel, Column, Entity, Model};
use chrono::{DateTime, Utc};
use domain::kernel::UserId;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter};

stored_as_text!(CeremonyKind {
    SecondFactor = "second_factor",
    PasskeyRegistration = "passkey_registration",
    PasskeySignIn = "passkey_sign_in",
    SocialSignIn = "social_sign_in",
});

mod ceremony {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ceremonies")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub digest: String,
        pub kind: String,
        pub user_id: Option<Uuid>,
        pub data: String,
        pub tries_left: i64,
        pub expires_at: DateTimeUtc,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    impl std::fmt::Debug for Model {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.debug_struct("Ceremony").field("kind", &self.kind).finish_non_exhaustive()
        }
    }
}

impl TryFrom<Model> for Ceremony {
    type Error = RepositoryError;

    fn try_from(row: Model) -> Result<Self, RepositoryError> {
        Ok(Self {
            digest: row.digest,
            kind: CeremonyKind::read(&row.kind)?,
            user_id: row.user_id.map(UserId::new),
            data: row.data,
            tries_left: row.tries_left,
            expires_at: row.expires_at,
        })
    }
}

/// The open one with this digest.
fn open(digest: &str, kind: CeremonyKind, now: DateTime<Utc>) -> Condition {
    Condition::all().add(Column::Digest.eq(digest)).add(Column::Kind.eq(kind.text())).add(Column::ExpiresAt.gt(now))
}

#[async_trait]
impl CeremonyRepository for Sql<DatabaseTransaction> {
    async fn insert(&self, ceremony: &Ceremony) -> Result<(), RepositoryError> {
        let row = ActiveModel {
            digest: Set(ceremony.digest.clone()),
            kind: Set(ceremony.kind.text().to_owned()),
            user_id: Set(ceremony.user_id.map(UserId::uuid)),
            data: Set(ceremony.data.clone()),
            tries_left: Set(ceremony.tries_left),
            expires_at: Set(ceremony.expires_at),
        };
        Entity::insert(row).exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn find(
        &self,
        digest: &str,
        kind: CeremonyKind,
        now: DateTime<Utc>,
    ) -> Result<Option<Ceremony>, RepositoryError> {
        let row = Entity::find().filter(open(digest, kind, now)).one(&self.0).await.map_err(from_db)?;
        row.map(TryInto::try_into).transpose()
    }

    async fn finish(
        &self,
        digest: &str,
        kind: CeremonyKind,
        now: DateTime<Utc>,
    ) -> Result<Option<Ceremony>, RepositoryError> {
        let taken = Entity::delete_many().filter(open(digest, kind, now));
        let row = taken.exec_with_returning(&self.0).await.map_err(from_db)?.into_iter().next();
        row.map(TryInto::try_into).transpose()
    }

    async fn take_try(&self, digest: &str, kind: CeremonyKind, now: DateTime<Utc>) -> Result<bool, RepositoryError> {
        let taken = Entity::update_many()
            .col_expr(Column::TriesLeft, Expr::col(Column::TriesLeft).sub(1_i64))
            .filter(open(digest, kind, now))
            .filter(Column::TriesLeft.gt(0_i64));
        Ok(taken.exec(&self.0).await.map_err(from_db)?.rows_affected == 1)
    }

    async fn forget_user(&self, user: UserId) -> Result<(), RepositoryError> {
        let theirs = Entity::delete_many().filter(Column::UserId.eq(user.uuid()));
        theirs.exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn purge(&self, now: DateTime<Utc>) -> Result<u64, RepositoryError> {
        let over = Entity::delete_many().filter(Column::ExpiresAt.lte(now));
        Ok(over.exec(&self.0).await.map_err(from_db)?.rows_affected)
    }
}
