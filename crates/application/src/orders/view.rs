//! Seeing orders: customers their own, guests by a token, sellers the lines that are theirs, admins all of them.

use super::ports::{OrderAccess, OrderFilter, OrderQueries};
use crate::catalog::ports::CatalogQueries;
use crate::catalog::views::ImageView;
use crate::identity::{Allowed, policy};
use crate::payments::ports::PaymentQueries;
use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use domain::kernel::{Money, MoneyError, OrderId, Page, PageRequest, ProductId, UserId};
use domain::orders::{Order, OrderLine, OrderState};
use domain::payments::Payment;
use std::collections::HashMap;
use std::sync::Arc;

/// An order as its customer sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderView {
    pub order: Order,
    /// The attempt to pay it.
    pub payment: Option<Payment>,
    /// A picture for each product that has one now.
    pub images: HashMap<ProductId, ImageView>,
}

/// An order as one of its sellers sees it: their own lines, and where they go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoldView {
    pub order: Order,
    /// Their own lines.
    pub lines: Vec<OrderLine>,
    /// The sum of their own lines.
    pub total: Money,
    /// A picture for each product that has one now.
    pub images: HashMap<ProductId, ImageView>,
}

/// Shows orders to those whom they concern.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait ViewOrders: Send + Sync {
    /// The caller's own orders, newest first.
    async fn list(
        &self,
        caller: &Allowed<policy::ViewOrders>,
        state: Option<OrderState>,
        page: &PageRequest,
    ) -> Result<Page<OrderView>, ViewOrderError>;
    /// One order: the caller's own, or the one that a token opens.
    async fn find<'a>(
        &self,
        caller: Option<&'a Allowed<policy::ViewOrders>>,
        token: Option<&'a str>,
        id: OrderId,
    ) -> Result<OrderView, ViewOrderError>;
    /// Orders with lines of the calling seller, newest first.
    async fn list_sold(
        &self,
        caller: &Allowed<policy::ViewSales>,
        state: Option<OrderState>,
        page: &PageRequest,
    ) -> Result<Page<SoldView>, ViewOrderError>;
    /// One order with lines of the calling seller.
    async fn find_sold(&self, caller: &Allowed<policy::ViewSales>, id: OrderId) -> Result<SoldView, ViewOrderError>;
    /// Everybody's orders, newest first.
    async fn list_all(
        &self,
        caller: &Allowed<policy::ViewAnyOrder>,
        filter: &OrderFilter,
        page: &PageRequest,
    ) -> Result<Page<OrderView>, ViewOrderError>;
    /// One of anybody's.
    async fn find_any(&self, caller: &Allowed<policy::ViewAnyOrder>, id: OrderId) -> Result<OrderView, ViewOrderError>;
}

/// Why an order is not shown.
#[derive(Debug, thiserror::Error)]
pub enum ViewOrderError {
    /// There is none, or it is another's.
    #[error("there is no such order")]
    NotFound,
    /// The stored amounts don't add up.
    #[error("the order's amounts don't add up")]
    Inconsistent(#[from] MoneyError),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// The service behind [`ViewOrders`].
pub struct OrderDesk {
    /// Reads orders.
    pub orders: Arc<dyn OrderQueries>,
    /// Reads payments.
    pub payments: Arc<dyn PaymentQueries>,
    /// Reads pictures.
    pub catalog: Arc<dyn CatalogQueries>,
    /// Knows guests' tokens.
    pub access: Arc<dyn OrderAccess>,
}

#[async_trait]
impl ViewOrders for OrderDesk {
    async fn list(
        &self,
        caller: &Allowed<policy::ViewOrders>,
        state: Option<OrderState>,
        page: &PageRequest,
    ) -> Result<Page<OrderView>, ViewOrderError> {
        let page = self.orders.list_owned(caller.user_id, state, page).await?;
        Ok(self.whole(page).await?)
    }

    async fn find<'a>(
        &self,
        caller: Option<&'a Allowed<policy::ViewOrders>>,
        token: Option<&'a str>,
        id: OrderId,
    ) -> Result<OrderView, ViewOrderError> {
        let order = self.orders.find(id).await?.ok_or(ViewOrderError::NotFound)?;
        if !may_see(&order, caller.map(|caller| caller.user_id), token, self.access.as_ref()) {
            return Err(ViewOrderError::NotFound);
        }
        Ok(self.one(order).await?)
    }

    async fn list_sold(
        &self,
        caller: &Allowed<policy::ViewSales>,
        state: Option<OrderState>,
        page: &PageRequest,
    ) -> Result<Page<SoldView>, ViewOrderError> {
        let page = self.orders.list_sold(caller.user_id, state, page).await?;
        let images = self.images(page.data.iter().flat_map(|order| &order.lines)).await?;
        let next = page.next;
        let sold = page.data.into_iter().map(|order| sold_by(caller.user_id, order, &images));
        Ok(Page { data: sold.collect::<Result<_, _>>()?, next })
    }

    async fn find_sold(&self, caller: &Allowed<policy::ViewSales>, id: OrderId) -> Result<SoldView, ViewOrderError> {
        let order = self.orders.find_sold(caller.user_id, id).await?.ok_or(ViewOrderError::NotFound)?;
        let images = self.images(order.lines.iter()).await?;
        Ok(sold_by(caller.user_id, order, &images)?)
    }

    async fn list_all(
        &self,
        _: &Allowed<policy::ViewAnyOrder>,
        filter: &OrderFilter,
        page: &PageRequest,
    ) -> Result<Page<OrderView>, ViewOrderError> {
        let page = self.orders.list_all(filter, page).await?;
        Ok(self.whole(page).await?)
    }

    async fn find_any(&self, _: &Allowed<policy::ViewAnyOrder>, id: OrderId) -> Result<OrderView, ViewOrderError> {
        let order = self.orders.find(id).await?.ok_or(ViewOrderError::NotFound)?;
        Ok(self.one(order).await?)
    }
}

impl OrderDesk {
    /// With their payments and pictures.
    async fn whole(&self, page: Page<Order>) -> Result<Page<OrderView>, RepositoryError> {
        let images = self.images(page.data.iter().flat_map(|order| &order.lines)).await?;
        let ids: Vec<OrderId> = page.data.iter().map(|order| order.id).collect();
        let mut payments = self.payments.of_orders(&ids).await?;
        Ok(page.map(|order| {
            let payment = payments.remove(&order.id);
            OrderView { images: only(&images, &order.lines), payment, order }
        }))
    }

    async fn one(&self, order: Order) -> Result<OrderView, RepositoryError> {
        let payment = self.payments.of_orders(&[order.id]).await?.remove(&order.id);
        let images = self.images(order.lines.iter()).await?;
        Ok(OrderView { order, payment, images })
    }

    async fn images<'a>(
        &self,
        lines: impl Iterator<Item = &'a OrderLine> + Send,
    ) -> Result<HashMap<ProductId, ImageView>, RepositoryError> {
        let mut products: Vec<ProductId> = lines.map(|line| line.product_id).collect();
        products.sort_unstable();
        products.dedup();
        self.catalog.first_images(&products).await
    }
}

/// Whether someone may see an order: its customer, or whoever has its token.
pub(crate) fn may_see(order: &Order, user: Option<UserId>, token: Option<&str>, access: &dyn OrderAccess) -> bool {
    let own = user.is_some() && order.user_id == user;
    own || token.is_some_and(|token| access.opens(order.id, token))
}

fn sold_by(seller: UserId, order: Order, images: &HashMap<ProductId, ImageView>) -> Result<SoldView, MoneyError> {
    let (lines, total) = OrderLine::of_seller(&order.lines, seller, order.total.currency())?;
    Ok(SoldView { images: only(images, &lines), lines, total, order })
}

fn only(images: &HashMap<ProductId, ImageView>, lines: &[OrderLine]) -> HashMap<ProductId, ImageView> {
    let of_line = |line: &OrderLine| Some((line.product_id, images.get(&line.product_id)?.clone()));
    lines.iter().filter_map(of_line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::ports::MockCatalogQueries;
    use crate::identity::Caller;
    use crate::orders::ports::{MockOrderAccess, MockOrderQueries};
    use crate::payments::ports::MockPaymentQueries;
    use crate::tests::{allowed, caller, eur, now, order, payment, uuid};
    use domain::identity::Role;

    /// The desk of a shop with one order, of this customer or of a guest.
    fn desk(customer: Option<UserId>) -> OrderDesk {
        let order = Order { user_id: customer, ..order() };
        let mut orders = MockOrderQueries::new();
        let found = order.clone();
        orders.expect_find().returning(move |_| Ok(Some(found.clone())));
        let listed = order.clone();
        orders.expect_list_all().returning(move |_, _| Ok(Page { data: vec![listed.clone()], next: None }));
        orders.expect_find_sold().returning(move |_, _| Ok(Some(order.clone())));
        let mut payments = MockPaymentQueries::new();
        payments.expect_of_orders().returning(|_| Ok(HashMap::from([(crate::tests::order().id, payment())])));
        let mut catalog = MockCatalogQueries::new();
        catalog.expect_first_images().returning(|_| Ok(HashMap::new()));
        let mut access = MockOrderAccess::new();
        access.expect_opens().returning(|_, token| token == "token");
        OrderDesk {
            orders: Arc::new(orders),
            payments: Arc::new(payments),
            catalog: Arc::new(catalog),
            access: Arc::new(access),
        }
    }

    #[tokio::test]
    async fn a_customer_sees_their_own_order_with_its_payment() {
        let ada = allowed(Role::Customer);
        let view = desk(Some(ada.user_id)).find(Some(&ada), None, order().id).await.unwrap();
        assert_eq!(view.payment.map(|payment| payment.id), Some(payment().id));
    }

    #[tokio::test]
    async fn a_guests_order_is_opened_by_its_token_alone() {
        assert!(desk(None).find(None, Some("token"), order().id).await.is_ok());
        for (who, token) in [(None, None), (None, Some("")), (Some(allowed(Role::Admin)), Some("guess"))] {
            let hidden = desk(None).find(who.as_ref(), token, order().id).await;
            assert!(matches!(hidden, Err(ViewOrderError::NotFound)));
        }
    }

    #[tokio::test]
    async fn anothers_order_is_not_there() {
        let other = Some(UserId::new(uuid(77)));
        let hidden = desk(other).find(Some(&allowed(Role::Customer)), None, order().id).await;
        assert!(matches!(hidden, Err(ViewOrderError::NotFound)));
    }

    #[tokio::test]
    async fn an_admin_sees_anybodys_orders_whole() {
        let desk = desk(Some(UserId::new(uuid(77))));
        let view = desk.find_any(&allowed(Role::Admin), order().id).await.unwrap();
        assert_eq!((view.order.lines.len(), view.payment.map(|payment| payment.id)), (2, Some(payment().id)));
        let (filter, page) = (OrderFilter::default(), PageRequest::default());
        let listed = desk.list_all(&allowed(Role::Admin), &filter, &page).await.unwrap();
        assert_eq!(listed.data.iter().map(|view| view.order.id).collect::<Vec<_>>(), [order().id]);
    }

    #[tokio::test]
    async fn a_seller_sees_their_own_lines_only() {
        let seller = Caller { user_id: UserId::new(uuid(7)), ..caller(Role::Seller) };
        let seller = Allowed::check(&seller, now()).unwrap();
        let view = desk(None).find_sold(&seller, order().id).await.unwrap();
        assert_eq!(view.lines.len(), 1);
        assert_eq!(view.total, eur(10_000));
    }
}
