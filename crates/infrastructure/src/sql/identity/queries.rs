//! Reading people.

use super::entity::{denied_token, user, with_pending_email};
use super::factors::second_factors;
use super::sessions::session;
use crate::sql::Sql;
use crate::sql::error::from_db;
use crate::sql::stored::StoredText;
use application::RepositoryError;
use application::identity::ports::{IdentityQueries, SecondFactor, Standing};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::identity::{Role, User};
use domain::kernel::{EmailAddress, SessionId, TokenId, UserId};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect};
use uuid::Uuid;

#[async_trait]
impl IdentityQueries for Sql<DatabaseConnection> {
    async fn find_user(&self, id: UserId) -> Result<Option<User>, RepositoryError> {
        let found = user::Entity::find_by_id(id.uuid()).filter(user::Column::DeletedAt.is_null());
        let row = with_pending_email(found).one(&self.0).await.map_err(from_db)?;
        row.map(User::try_from).transpose()
    }

    async fn find_user_by_email(&self, email: &EmailAddress) -> Result<Option<User>, RepositoryError> {
        let found = user::Entity::find()
            .filter(user::Column::Email.eq(email.as_str()))
            .filter(user::Column::DeletedAt.is_null());
        let row = with_pending_email(found).one(&self.0).await.map_err(from_db)?;
        row.map(User::try_from).transpose()
    }

    async fn find_admins(&self) -> Result<Vec<User>, RepositoryError> {
        let admins = user::Entity::find()
            .filter(user::Column::Role.eq(Role::Admin.name()))
            .filter(user::Column::DisabledAt.is_null())
            .filter(user::Column::DeletedAt.is_null());
        let rows = with_pending_email(admins).all(&self.0).await.map_err(from_db)?;
        rows.into_iter().map(User::try_from).collect()
    }

    async fn standing(
        &self,
        user: UserId,
        session: SessionId,
        token: TokenId,
    ) -> Result<Option<Standing>, RepositoryError> {
        let denied = Query::select()
            .column(denied_token::Column::Id)
            .from(denied_token::Entity)
            .and_where(denied_token::Column::Id.eq(token.uuid()))
            .to_owned();
        let of_user = session::Entity::belongs_to(user::Entity).from(session::Column::UserId).to(user::Column::Id);
        let row = session::Entity::find_by_id(session.uuid())
            .filter(session::Column::UserId.eq(user.uuid()))
            .join(JoinType::InnerJoin, of_user.into())
            .select_only()
            .column(user::Column::Role)
            .column(user::Column::EmailVerifiedAt)
            .column(session::Column::ProvenAt)
            .column(session::Column::EndedAt)
            .column(user::Column::DisabledAt)
            .column(user::Column::DeletedAt)
            .column_as(Expr::SubQuery(None, Box::new(denied.into())), "denied")
            .into_model::<StandingRow>()
            .one(&self.0)
            .await
            .map_err(from_db)?;
        row.map(Standing::try_from).transpose()
    }

    async fn second_factors(&self, user: UserId) -> Result<Vec<SecondFactor>, RepositoryError> {
        second_factors(self, user).await
    }
}

#[derive(FromQueryResult)]
struct StandingRow {
    role: String,
    email_verified_at: Option<DateTime<Utc>>,
    proven_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    disabled_at: Option<DateTime<Utc>>,
    deleted_at: Option<DateTime<Utc>>,
    denied: Option<Uuid>,
}

impl TryFrom<StandingRow> for Standing {
    type Error = RepositoryError;

    fn try_from(row: StandingRow) -> Result<Self, RepositoryError> {
        let kept_out = row.disabled_at.is_some() || row.deleted_at.is_some();
        Ok(Self {
            role: Role::read(&row.role)?,
            email_verified: row.email_verified_at.is_some(),
            proven_at: row.proven_at,
            revoked: row.denied.is_some() || row.ended_at.is_some() || kept_out,
        })
    }
}
