//! Rules of what goes back, and of what sellers are sent: every row has its transaction, every transaction its row, and what went
//! back is counted.

use super::{Column, from, without};
use domain::ledger::{AccountKind, MovementKind};
use sea_orm::JoinType;
use sea_orm::sea_query::{Expr, ExprTrait, IntoCondition, SelectStatement};

/// What of a refund is given back of its order, and of its payment.
pub(super) const ORDER_GIVEN: &str =
    "CASE WHEN refunds.status = 'failed' THEN refunds.amount - refunds.card_amount ELSE refunds.amount END";
pub(super) const TOP_UP_GIVEN: &str =
    "CASE WHEN top_up_refunds.status = 'failed' THEN 0 ELSE top_up_refunds.counted END";
pub(super) const CARD_GIVEN: &str = "CASE WHEN refunds.status = 'failed' THEN 0 ELSE refunds.card_amount END";
pub(super) const REFUNDS: [MovementKind; 4] =
    [MovementKind::Refund, MovementKind::RefundFailed, MovementKind::Dispute, MovementKind::DisputeWon];
pub(super) const PAYOUTS: [MovementKind; 2] = [MovementKind::Payout, MovementKind::PayoutFailed];

/// Orders or payments that don't count what their refunds make.
pub(super) fn miscounted(whole: Column, own: Column, given: &str) -> SelectStatement {
    let ((table, id), (refunds, _)) = (whole, own);
    let counted = Expr::col((table, "refunded_amount"));
    from(table, id)
        .join(JoinType::LeftJoin, refunds, Expr::col(own).equals(whole).into_condition())
        .and_where(counted.clone().gt(0_i64).or(Expr::col((refunds, "id")).is_not_null()))
        .group_by_columns([whole, (table, "refunded_amount")])
        .and_having(counted.ne(Expr::cust(format!("COALESCE(SUM({given}), 0)"))))
        .take()
}

/// Rows of which the transaction that they name is not there.
pub(super) fn posted(table: &'static str, reference: &'static str) -> SelectStatement {
    let same = Expr::col(("ledger_transactions", "reference")).equals((table, reference));
    without(table, "ledger_transactions", same, ("ledger_transactions", "id"))
        .and_where(Expr::col((table, reference)).is_not_null())
        .take()
}

/// What goes back of top-ups whose transaction is not there, or moves another amount at the gateway.
pub(super) fn top_up_moves(reference: &'static str, amount: &'static str) -> SelectStatement {
    let named = Expr::col(("top_up_refunds", reference)).equals(("ledger_transactions", "reference"));
    let leg = Expr::col(("ledger_entries", "transaction_id"))
        .equals(("ledger_transactions", "id"))
        .and(Expr::col(("ledger_entries", "account")).eq(AccountKind::Clearing.name()))
        .and(Expr::col(("ledger_entries", "amount")).eq(Expr::cust(amount)))
        .and(Expr::col(("ledger_entries", "currency")).equals(("top_up_refunds", "currency")));
    from("top_up_refunds", "id")
        .join(JoinType::LeftJoin, "ledger_transactions", named.into_condition())
        .join(JoinType::LeftJoin, "ledger_entries", leg.into_condition())
        .and_where(Expr::col(("top_up_refunds", reference)).is_not_null())
        .and_where(Expr::col(("ledger_entries", "id")).is_null())
        .take()
}

/// Transactions of these kinds that no row names in any of these tables.
pub(super) fn rowless(tables: &[&'static str], kinds: &[MovementKind]) -> SelectStatement {
    let mut rows = from("ledger_transactions", "id");
    rows.and_where(Expr::col(("ledger_transactions", "kind")).is_in(kinds.iter().map(|kind| kind.name())));
    for table in tables {
        let named = |column: &'static str| Expr::col((*table, column)).equals(("ledger_transactions", "reference"));
        rows.join(JoinType::LeftJoin, *table, named("posted_as").or(named("returned_as")).into_condition());
        rows.and_where(Expr::col((*table, "id")).is_null());
    }
    rows
}

/// Fees for disputes of payments that nobody disputed.
pub(super) fn undisputed_fees() -> SelectStatement {
    let fees = [MovementKind::DisputeFee, MovementKind::DisputeFeeReturned];
    let disputed = Expr::col(("payments", "id"))
        .equals(("ledger_transactions", "payment_id"))
        .and(Expr::col(("payments", "dispute")).is_not_null());
    without("ledger_transactions", "payments", disputed, ("payments", "id"))
        .and_where(Expr::col(("ledger_transactions", "kind")).is_in(fees.map(MovementKind::name)))
        .take()
}
