//! Reading people.

use super::entity::{denied_token, user};
use crate::sql::Sql;
use crate::sql::error::from_db;
use crate::sql::stored::StoredText;
use application::RepositoryError;
use application::identity::ports::{IdentityQueries, Standing};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::identity::{Role, User};
use domain::kernel::{EmailAddress, TokenId, UserId};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

#[async_trait]
impl IdentityQueries for Sql<DatabaseConnection> {
    async fn find_user(&self, id: UserId) -> Result<Option<User>, RepositoryError> {
        let row = user::Entity::find_by_id(id.uuid()).one(&self.0).await.map_err(from_db)?;
        row.map(User::try_from).transpose()
    }

    async fn find_user_by_email(&self, email: &EmailAddress) -> Result<Option<User>, RepositoryError> {
        let found = user::Entity::find().filter(user::Column::Email.eq(email.as_str()));
        let row = found.one(&self.0).await.map_err(from_db)?;
        row.map(User::try_from).transpose()
    }

    async fn standing(&self, user: UserId, token: TokenId) -> Result<Option<Standing>, RepositoryError> {
        let denied = Query::select()
            .column(denied_token::Column::Id)
            .from(denied_token::Entity)
            .and_where(denied_token::Column::Id.eq(token.uuid()))
            .to_owned();
        let revoked = Expr::SubQuery(None, Box::new(denied.into()));
        let row = user::Entity::find_by_id(user.uuid())
            .select_only()
            .column(user::Column::Role)
            .column(user::Column::EmailVerifiedAt)
            .column_as(revoked, "denied")
            .into_tuple::<(String, Option<DateTime<Utc>>, Option<Uuid>)>()
            .one(&self.0)
            .await
            .map_err(from_db)?;
        let Some((role, verified, denied)) = row else {
            return Ok(None);
        };
        let role = Role::read(&role)?;
        Ok(Some(Standing { role, email_verified: verified.is_some(), token_revoked: denied.is_some() }))
    }
}
