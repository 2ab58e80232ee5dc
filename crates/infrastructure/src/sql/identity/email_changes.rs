//! Open changes of address.

use crate::sql::error::{corrupt, from_db};
use crate::sql::stored::email;
use crate::sql::{OWN, Sql};
use application::RepositoryError;
use application::identity::ports::EmailChangeRepository;
use async_trait::async_trait;
use domain::identity::{CodeDigest, EmailChange, IssuedCode};
use domain::kernel::UserId;
use email_change::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait, QuerySelect};

pub(super) mod email_change {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "email_changes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
        pub email: String,
        pub requested_at: DateTimeUtc,
        pub code_digest: Option<String>,
        pub code_expires_at: Option<DateTimeUtc>,
        /// Of the code; 0 while there is none.
        pub tries_left: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

impl TryFrom<Model> for EmailChange {
    type Error = RepositoryError;

    fn try_from(row: Model) -> Result<Self, RepositoryError> {
        let code = match (row.code_digest, row.code_expires_at) {
            (Some(digest), Some(expires_at)) => {
                let tries_left = u8::try_from(row.tries_left).map_err(|_| corrupt("tries left"))?;
                Some(IssuedCode { digest: CodeDigest(digest), expires_at, tries_left })
            }
            _ => None,
        };
        let user_id = UserId::new(row.user_id);
        Ok(Self { user_id, email: email(&row.email)?, requested_at: row.requested_at, code })
    }
}

#[async_trait]
impl EmailChangeRepository for Sql<DatabaseTransaction> {
    async fn lock(&self, user: UserId) -> Result<Option<EmailChange>, RepositoryError> {
        let row = Entity::find_by_id(user.uuid()).lock(OWN).one(&self.0).await.map_err(from_db)?;
        row.map(EmailChange::try_from).transpose()
    }

    async fn save(&self, change: &EmailChange) -> Result<(), RepositoryError> {
        use Column::{CodeDigest, CodeExpiresAt, Email, RequestedAt, TriesLeft};
        let code = change.code.as_ref();
        let row = ActiveModel {
            user_id: Set(change.user_id.uuid()),
            email: Set(change.email.to_string()),
            requested_at: Set(change.requested_at),
            code_digest: Set(code.map(|code| code.digest.0.clone())),
            code_expires_at: Set(code.map(|code| code.expires_at)),
            tries_left: Set(code.map_or(0, |code| i64::from(code.tries_left))),
        };
        let or_write = OnConflict::column(Column::UserId)
            .update_columns([Email, RequestedAt, CodeDigest, CodeExpiresAt, TriesLeft])
            .to_owned();
        Entity::insert(row).on_conflict(or_write).exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn delete(&self, user: UserId) -> Result<(), RepositoryError> {
        Entity::delete_by_id(user.uuid()).exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }
}
