//! Passkeys.

use crate::sql::error::from_db;
use crate::sql::{OWN, Sql};
use application::RepositoryError;
use application::identity::ports::PasskeyRepository;
use async_trait::async_trait;
use domain::identity::{CredentialId, Passkey, PasskeyMaterial};
use domain::kernel::{PasskeyId, UserId};
use passkey::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

pub(super) mod passkey {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "passkeys")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub user_id: Uuid,
        pub credential_id: String,
        pub passkey: String,
        pub name: String,
        pub created_at: DateTimeUtc,
        pub last_used_at: Option<DateTimeUtc>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

impl From<Model> for Passkey {
    fn from(row: Model) -> Self {
        Self {
            id: PasskeyId::new(row.id),
            user_id: UserId::new(row.user_id),
            credential_id: CredentialId(row.credential_id),
            material: PasskeyMaterial(row.passkey),
            name: row.name,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
        }
    }
}

fn of(user: UserId) -> Select<Entity> {
    Entity::find().filter(Column::UserId.eq(user.uuid()))
}

#[async_trait]
impl PasskeyRepository for Sql<DatabaseTransaction> {
    async fn insert(&self, passkey: &Passkey) -> Result<(), RepositoryError> {
        let row = ActiveModel {
            id: Set(passkey.id.uuid()),
            user_id: Set(passkey.user_id.uuid()),
            credential_id: Set(passkey.credential_id.0.clone()),
            passkey: Set(passkey.material.0.clone()),
            name: Set(passkey.name.clone()),
            created_at: Set(passkey.created_at),
            last_used_at: Set(passkey.last_used_at),
        };
        Entity::insert(row).exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn lock_by_credential(&self, credential: &CredentialId) -> Result<Option<Passkey>, RepositoryError> {
        let found = Entity::find().filter(Column::CredentialId.eq(&credential.0)).lock(OWN);
        Ok(found.one(&self.0).await.map_err(from_db)?.map(Passkey::from))
    }

    async fn of_user(&self, user: UserId) -> Result<Vec<Passkey>, RepositoryError> {
        let rows = of(user).order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(&self.0).await;
        Ok(rows.map_err(from_db)?.into_iter().map(Passkey::from).collect())
    }

    async fn save_use(&self, passkey: &Passkey) -> Result<(), RepositoryError> {
        let this = Entity::update_many()
            .col_expr(Column::Passkey, Expr::value(passkey.material.0.as_str()))
            .col_expr(Column::LastUsedAt, Expr::value(passkey.last_used_at))
            .filter(Column::Id.eq(passkey.id.uuid()));
        this.exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn rename(&self, owner: UserId, id: PasskeyId, name: &str) -> Result<Option<Passkey>, RepositoryError> {
        let theirs = Entity::update_many()
            .col_expr(Column::Name, Expr::value(name))
            .filter(Column::Id.eq(id.uuid()))
            .filter(Column::UserId.eq(owner.uuid()));
        theirs.exec(&self.0).await.map_err(from_db)?;
        let row = of(owner).filter(Column::Id.eq(id.uuid())).one(&self.0).await.map_err(from_db)?;
        Ok(row.map(Passkey::from))
    }

    async fn delete(&self, owner: UserId, id: PasskeyId) -> Result<bool, RepositoryError> {
        let theirs = Entity::delete_many().filter(Column::Id.eq(id.uuid())).filter(Column::UserId.eq(owner.uuid()));
        Ok(theirs.exec(&self.0).await.map_err(from_db)?.rows_affected == 1)
    }
}
