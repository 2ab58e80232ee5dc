//! Putting together what refunds, disputes, statements and payouts need.

use crate::shop::Shop;
use application::ledger::statement::StatementDesk;
use application::payouts::pay_out::PayoutDesk;
use application::payouts::view::PayoutBook;
use application::refunds::disputes::DisputeDesk;
use application::refunds::follow::RefundFollowing;
use application::refunds::give::RefundDesk;
use application::refunds::ports::{DisputeList, RefundGateway};
use application::refunds::top_ups::follow::TopUpRefundFollowing;
use application::refunds::top_ups::give::TopUpRefundDesk;
use application::refunds::view::RefundView;
use application::refunds::watch::DisputeWatch;
use infrastructure::system::UuidGenerator;
use std::sync::Arc;
use web::SellerMoneyServices;

/// The use cases of money that goes back, and of money that sellers are sent.
pub fn services(shop: &Shop, gateway: Arc<dyn RefundGateway>) -> SellerMoneyServices {
    let Shop { settings, database, transactor, clock, .. } = shop;
    let (queries, ids) = (Arc::new(database.queries()), Arc::new(UuidGenerator));
    SellerMoneyServices {
        give_refunds: Arc::new(RefundDesk {
            transactor: transactor.clone(),
            gateway: gateway.clone(),
            ids: ids.clone(),
            clock: clock.clone(),
        }),
        give_top_up_refunds: Arc::new(TopUpRefundDesk {
            refunds: queries.clone(),
            payments: queries.clone(),
            transactor: transactor.clone(),
            gateway,
            ids: ids.clone(),
            clock: clock.clone(),
        }),
        view_refunds: Arc::new(RefundView { refunds: queries.clone(), orders: queries.clone() }),
        make_payouts: Arc::new(PayoutDesk {
            payouts: queries.clone(),
            transactor: transactor.clone(),
            ids,
            clock: clock.clone(),
        }),
        view_payouts: Arc::new(PayoutBook { payouts: queries.clone() }),
        view_statements: Arc::new(StatementDesk { statements: queries, shop_currency: settings.currency() }),
    }
}

/// Who brings refunds to their end.
pub fn following(shop: &Shop, gateway: Arc<dyn RefundGateway>) -> TopUpRefundFollowing {
    let queries = Arc::new(shop.database.queries());
    let (transactor, clock) = (shop.transactor.clone(), shop.clock.clone());
    let others = Arc::new(RefundFollowing {
        refunds: queries.clone(),
        payments: queries.clone(),
        gateway: gateway.clone(),
        transactor: transactor.clone(),
        clock: clock.clone(),
    });
    TopUpRefundFollowing { refunds: queries.clone(), payments: queries, gateway, transactor, clock, others }
}

/// Who follows disputes.
pub fn disputes(shop: &Shop, gateway: Arc<dyn RefundGateway>) -> DisputeDesk {
    let (payments, ids) = (Arc::new(shop.database.queries()), Arc::new(UuidGenerator));
    DisputeDesk { payments, gateway, transactor: shop.transactor.clone(), ids, clock: shop.clock.clone() }
}

/// Who looks for disputes that no event told of.
pub fn watch(shop: &Shop, gateway: Arc<dyn DisputeList>) -> DisputeWatch {
    let disputes = Arc::new(shop.database.queries());
    DisputeWatch { gateway, disputes, transactor: shop.transactor.clone(), clock: shop.clock.clone() }
}
