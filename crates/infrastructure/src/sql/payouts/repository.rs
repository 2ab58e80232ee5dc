//! Changing payouts, and what is owed.

use super::entity::payout;
use crate::sql::error::from_db;
use crate::sql::ledger::seller_balance;
use crate::sql::{OWN, Sql};
use application::RepositoryError;
use application::payouts::ports::PayoutRepository;
use async_trait::async_trait;
use domain::kernel::{Currency, Money, PayoutId, UserId};
use domain::payouts::Payout;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};

#[async_trait]
impl PayoutRepository for Sql<DatabaseTransaction> {
    async fn insert(&self, payout: &Payout) -> Result<(), RepositoryError> {
        let row = payout::Model::from(payout).into_active_model();
        payout::Entity::insert(row).exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn lock(&self, id: PayoutId) -> Result<Option<Payout>, RepositoryError> {
        let row = payout::Entity::find_by_id(id.uuid()).lock(OWN).one(&self.0).await.map_err(from_db)?;
        row.map(Payout::try_from).transpose()
    }

    async fn find_by_key(&self, request_key: &str) -> Result<Option<Payout>, RepositoryError> {
        let found = payout::Entity::find().filter(payout::Column::RequestKey.eq(request_key));
        found.one(&self.0).await.map_err(from_db)?.map(Payout::try_from).transpose()
    }

    async fn update(&self, payout: &Payout) -> Result<(), RepositoryError> {
        use sea_orm::ActiveModelTrait;
        let row = payout::Model::from(payout).into_active_model().reset_all();
        let this = payout::Entity::update_many().set(row).filter(payout::Column::Id.eq(payout.id.uuid()));
        this.exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn owed(&self, seller: UserId, currency: Currency) -> Result<Money, RepositoryError> {
        seller_balance(&self.0, seller, currency, None).await
    }
}
