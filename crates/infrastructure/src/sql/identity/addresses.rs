//! Address books.

use crate::sql::Sql;
use crate::sql::error::from_db;
use application::RepositoryError;
use application::identity::ports::{AddressBookRepository, AddressQueries};
use async_trait::async_trait;
use domain::identity::{AddressBook, PostalAddress, SavedAddress};
use domain::kernel::{AddressId, UserId};
use sea_orm::{
    ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};
use user_address::{Column, Entity, Model};

pub(super) mod user_address {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "user_addresses")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub user_id: Uuid,
        pub name: String,
        pub line1: String,
        pub line2: Option<String>,
        pub city: String,
        pub postal_code: String,
        pub region: Option<String>,
        pub country: String,
        pub is_default: bool,
        pub created_at: DateTimeUtc,
        pub updated_at: DateTimeUtc,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn row(user: UserId, saved: &SavedAddress) -> Model {
    let PostalAddress { name, line1, line2, city, postal_code, region, country } = saved.address.clone();
    Model {
        id: saved.id.uuid(),
        user_id: user.uuid(),
        name,
        line1,
        line2,
        city,
        postal_code,
        region,
        country,
        is_default: saved.is_default,
        created_at: saved.created_at,
        updated_at: saved.updated_at,
    }
}

impl From<Model> for SavedAddress {
    fn from(row: Model) -> Self {
        let Model { name, line1, line2, city, postal_code, region, country, .. } = row;
        Self {
            id: AddressId::new(row.id),
            address: PostalAddress { name, line1, line2, city, postal_code, region, country },
            is_default: row.is_default,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

#[async_trait]
impl AddressBookRepository for Sql<DatabaseTransaction> {
    async fn find(&self, user: UserId) -> Result<AddressBook, RepositoryError> {
        let own = Entity::find().filter(Column::UserId.eq(user.uuid()));
        let rows = own.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(&self.0).await.map_err(from_db)?;
        Ok(AddressBook { user_id: user, addresses: rows.into_iter().map(Into::into).collect() })
    }

    // A book is small: writing it anew needs no account of what was changed in it.
    async fn save(&self, book: &AddressBook) -> Result<(), RepositoryError> {
        let before = Entity::delete_many().filter(Column::UserId.eq(book.user_id.uuid()));
        before.exec(&self.0).await.map_err(from_db)?;
        if book.addresses.is_empty() {
            return Ok(());
        }
        let rows = book.addresses.iter().map(|saved| row(book.user_id, saved).into_active_model());
        Entity::insert_many(rows).exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(())
    }
}

#[async_trait]
impl AddressQueries for Sql<DatabaseConnection> {
    async fn addresses_of(&self, user: UserId) -> Result<Vec<SavedAddress>, RepositoryError> {
        let own = Entity::find().filter(Column::UserId.eq(user.uuid()));
        let ordered = own.order_by_desc(Column::IsDefault).order_by_desc(Column::CreatedAt).order_by_desc(Column::Id);
        Ok(ordered.all(&self.0).await.map_err(from_db)?.into_iter().map(Into::into).collect())
    }
}
