//! The rows of people, as they are stored.

use super::email_changes::email_change;
use crate::sql::error::corrupt;
use crate::sql::stored::{StoredText, email, stored_as_text};
use application::RepositoryError;
use domain::identity::{CodeDigest, EmailVerification, IssuedCode, Role, User};
use domain::kernel::UserId;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{FromQueryResult, QuerySelect, Select, SelectModel, Selector};

stored_as_text!(Role { Customer = "customer", Seller = "seller", Admin = "admin" });

pub mod user {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "users")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub email: String,
        pub name: Option<String>,
        pub role: String,
        pub shop_name: Option<String>,
        /// Empty when there is none.
        pub password_hash: String,
        pub email_verified_at: Option<DateTimeUtc>,
        pub created_at: DateTimeUtc,
        pub phone: Option<String>,
        pub avatar_url: Option<String>,
        pub disabled_at: Option<DateTimeUtc>,
        pub deleted_at: Option<DateTimeUtc>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod email_verification {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "email_verifications")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
        pub requested_at: DateTimeUtc,
        pub code_digest: Option<String>,
        pub code_expires_at: Option<DateTimeUtc>,
        pub tries_left: Option<i32>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod denied_token {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "denied_tokens")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub expires_at: DateTimeUtc,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A person's row, and the new address of their open change.
#[derive(Debug, FromQueryResult)]
pub struct UserRow {
    #[sea_orm(nested)]
    user: user::Model,
    pending_email: Option<String>,
}

/// The same people, each with the new address of their open change.
pub fn with_pending_email(people: Select<user::Entity>) -> Selector<SelectModel<UserRow>> {
    let pending = Query::select()
        .column((email_change::Entity, email_change::Column::Email))
        .from(email_change::Entity)
        .and_where(
            Expr::col((email_change::Entity, email_change::Column::UserId)).equals((user::Entity, user::Column::Id)),
        )
        .to_owned();
    people.column_as(Expr::SubQuery(None, Box::new(pending.into())), "pending_email").into_model()
}

impl TryFrom<UserRow> for User {
    type Error = RepositoryError;

    fn try_from(row: UserRow) -> Result<Self, RepositoryError> {
        let pending_email = row.pending_email.as_deref().map(email).transpose()?;
        Ok(Self { pending_email, ..Self::try_from(row.user)? })
    }
}

impl From<&User> for user::Model {
    fn from(user: &User) -> Self {
        Self {
            id: user.id.uuid(),
            email: user.email.as_str().to_owned(),
            name: user.name.clone(),
            role: user.role.text().to_owned(),
            shop_name: user.shop_name.clone(),
            password_hash: user.password_hash.clone().unwrap_or_default(),
            email_verified_at: user.email_verified_at,
            created_at: user.created_at,
            phone: user.phone.clone(),
            avatar_url: user.avatar_url.clone(),
            disabled_at: user.disabled_at,
            deleted_at: user.deleted_at,
        }
    }
}

impl TryFrom<user::Model> for User {
    type Error = RepositoryError;

    fn try_from(row: user::Model) -> Result<Self, RepositoryError> {
        Ok(Self {
            id: UserId::new(row.id),
            email: email(&row.email)?,
            pending_email: None,
            name: row.name,
            role: Role::read(&row.role)?,
            shop_name: row.shop_name,
            phone: row.phone,
            avatar_url: row.avatar_url,
            password_hash: Some(row.password_hash).filter(|hash| !hash.is_empty()),
            email_verified_at: row.email_verified_at,
            created_at: row.created_at,
            disabled_at: row.disabled_at,
            deleted_at: row.deleted_at,
        })
    }
}

impl From<&EmailVerification> for email_verification::Model {
    fn from(verification: &EmailVerification) -> Self {
        let code = verification.code.as_ref();
        Self {
            user_id: verification.user_id.uuid(),
            requested_at: verification.requested_at,
            code_digest: code.map(|code| code.digest.0.clone()),
            code_expires_at: code.map(|code| code.expires_at),
            tries_left: code.map(|code| i32::from(code.tries_left)),
        }
    }
}

impl TryFrom<email_verification::Model> for EmailVerification {
    type Error = RepositoryError;

    fn try_from(row: email_verification::Model) -> Result<Self, RepositoryError> {
        let code = match (row.code_digest, row.code_expires_at, row.tries_left) {
            (Some(digest), Some(expires_at), Some(tries)) => {
                let tries_left = u8::try_from(tries).map_err(|_| corrupt("tries left"))?;
                Some(IssuedCode { digest: CodeDigest(digest), expires_at, tries_left })
            }
            _ => None,
        };
        Ok(Self { user_id: UserId::new(row.user_id), requested_at: row.requested_at, code })
    }
}
