//! Identities elsewhere.

use crate::sql::Sql;
use crate::sql::error::from_db;
use crate::sql::stored::email;
use application::RepositoryError;
use application::identity::ports::{LinkedIdentity, LinkedIdentityQueries, LinkedIdentityRepository};
use async_trait::async_trait;
use domain::kernel::UserId;
use linked_identity::{Column, Entity, Model};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};
use uuid::Uuid;

mod linked_identity {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "linked_identities")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub user_id: Uuid,
        pub provider: String,
        pub subject: String,
        pub email: Option<String>,
        pub created_at: DateTimeUtc,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

impl From<&LinkedIdentity> for Model {
    fn from(identity: &LinkedIdentity) -> Self {
        Self {
            id: identity.id,
            user_id: identity.user_id.uuid(),
            provider: identity.provider.clone(),
            subject: identity.subject.clone(),
            email: identity.email.as_ref().map(ToString::to_string),
            created_at: identity.created_at,
        }
    }
}

impl TryFrom<Model> for LinkedIdentity {
    type Error = RepositoryError;

    fn try_from(row: Model) -> Result<Self, RepositoryError> {
        Ok(Self {
            id: row.id,
            user_id: UserId::new(row.user_id),
            provider: row.provider,
            subject: row.subject,
            email: row.email.as_deref().map(email).transpose()?,
            created_at: row.created_at,
        })
    }
}

async fn of_user(database: &impl ConnectionTrait, user: UserId) -> Result<Vec<LinkedIdentity>, RepositoryError> {
    let theirs = Entity::find().filter(Column::UserId.eq(user.uuid())).order_by_asc(Column::CreatedAt);
    let rows = theirs.order_by_asc(Column::Id).all(database).await.map_err(from_db)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

#[async_trait]
impl LinkedIdentityRepository for Sql<DatabaseTransaction> {
    async fn insert(&self, identity: &LinkedIdentity) -> Result<(), RepositoryError> {
        let row = Model::from(identity).into_active_model();
        Entity::insert(row).exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn find(&self, provider: &str, subject: &str) -> Result<Option<LinkedIdentity>, RepositoryError> {
        let one = Entity::find().filter(Column::Provider.eq(provider)).filter(Column::Subject.eq(subject));
        one.one(&self.0).await.map_err(from_db)?.map(TryInto::try_into).transpose()
    }

    async fn list(&self, user: UserId) -> Result<Vec<LinkedIdentity>, RepositoryError> {
        of_user(&self.0, user).await
    }

    async fn delete(&self, user: UserId, id: Uuid) -> Result<bool, RepositoryError> {
        let one = Entity::delete_many().filter(Column::Id.eq(id)).filter(Column::UserId.eq(user.uuid()));
        Ok(one.exec(&self.0).await.map_err(from_db)?.rows_affected == 1)
    }

    async fn delete_all(&self, user: UserId) -> Result<u64, RepositoryError> {
        let theirs = Entity::delete_many().filter(Column::UserId.eq(user.uuid()));
        Ok(theirs.exec(&self.0).await.map_err(from_db)?.rows_affected)
    }
}

#[async_trait]
impl LinkedIdentityQueries for Sql<DatabaseConnection> {
    async fn linked_identities(&self, user: UserId) -> Result<Vec<LinkedIdentity>, RepositoryError> {
        of_user(&self.0, user).await
    }
}
