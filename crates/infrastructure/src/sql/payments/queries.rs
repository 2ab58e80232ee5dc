//! Reading attempts to pay.

use super::entity::payment;
use super::reviews;
use crate::sql::Sql;
use crate::sql::error::from_db;
use application::RepositoryError;
use application::payments::ports::{PaymentFilter, PaymentQueries, PaymentWithCustomer};
use async_trait::async_trait;
use domain::kernel::{OrderId, Page, PageRequest, PaymentId, UserId};
use domain::payments::Payment;
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter};
use std::collections::HashMap;

#[async_trait]
impl PaymentQueries for Sql<DatabaseConnection> {
    async fn find(&self, id: PaymentId) -> Result<Option<Payment>, RepositoryError> {
        let row = payment::Entity::find_by_id(id.uuid()).one(&self.0).await.map_err(from_db)?;
        row.map(Payment::try_from).transpose()
    }

    async fn find_owned(&self, customer: UserId, id: PaymentId) -> Result<Option<Payment>, RepositoryError> {
        let found = payment::Entity::find_by_id(id.uuid()).filter(payment::Column::UserId.eq(customer.uuid()));
        let row = found.one(&self.0).await.map_err(from_db)?;
        row.map(Payment::try_from).transpose()
    }

    async fn of_orders(&self, orders: &[OrderId]) -> Result<HashMap<OrderId, Payment>, RepositoryError> {
        if orders.is_empty() {
            return Ok(HashMap::new());
        }
        let theirs = payment::Column::OrderId.is_in(orders.iter().map(|order| order.uuid()));
        let rows = payment::Entity::find().filter(theirs).all(&self.0).await.map_err(from_db)?;
        let by_order = |row: payment::Model| {
            let payment = Payment::try_from(row)?;
            Ok(payment.purpose.order().map(|order| (order, payment)))
        };
        rows.into_iter().map(by_order).filter_map(Result::transpose).collect()
    }

    async fn list_payments(
        &self,
        filter: &PaymentFilter,
        page: &PageRequest,
    ) -> Result<Page<PaymentWithCustomer>, RepositoryError> {
        reviews::list(self, filter, page).await
    }

    async fn find_with_customer(&self, id: PaymentId) -> Result<Option<PaymentWithCustomer>, RepositoryError> {
        let row = payment::Entity::find_by_id(id.uuid()).one(&self.0).await.map_err(from_db)?;
        Ok(reviews::with_customers(self, row.into_iter().collect()).await?.pop())
    }
}
