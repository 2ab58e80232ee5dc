//! What can be seen of the shop, read by the ports that people's pages read it by, and past them in the ledger itself.

use crate::asks::standing_of;
use crate::house::House;
use crate::told::Seen;
use application::gift_cards::ports::GiftCardQueries;
use application::ledger::ports::LedgerQueries;
use application::ledger::statement::StatementQueries;
use application::orders::ports::OrderQueries;
use application::payments::ports::PaymentQueries;
use application::refunds::ports::RefundQueries;
use application::system::Clock;
use domain::gift_cards::GiftCardStatus;
use domain::kernel::VariantId;
use std::collections::BTreeMap;

const SUMS: &str = "SELECT account, CAST(SUM(amount) AS bigint) AS sum FROM ledger_entries GROUP BY account";
const RUNNING: &str = "SELECT account, CAST(SUM(amount) AS bigint) AS sum FROM ledger_balances GROUP BY account";

impl House {
    pub async fn seen(&self) -> Seen {
        let queries = self.db.queries();
        let mut balances = Vec::new();
        for customer in &self.customers {
            balances.push(queries.balances(customer.id).await.unwrap().iter().map(|balance| balance.amount()).sum());
        }
        let mut cards = Vec::new();
        for card in &self.cards {
            let found = queries.find_card(card.id).await.unwrap().unwrap();
            let standing = match found.card.status(found.balance, self.watch.now()) {
                GiftCardStatus::Active => "active",
                GiftCardStatus::Disabled => "disabled",
                GiftCardStatus::Redeemed => "redeemed",
                GiftCardStatus::Expired => "expired",
            };
            cards.push((found.balance.amount(), standing));
        }
        let mut orders = Vec::new();
        for placed in &self.orders {
            let order = OrderQueries::find(&queries, placed.id).await.unwrap().unwrap();
            let payment = queries.of_orders(&[placed.id]).await.unwrap().remove(&placed.id).unwrap();
            orders.push((order.state().name(), order.refunded.amount(), standing_of(payment.status)));
        }
        let mut top_ups = Vec::new();
        for (payment, ..) in &self.top_ups {
            let payment = PaymentQueries::find(&queries, *payment).await.unwrap().unwrap();
            top_ups.push(standing_of(payment.status));
        }
        let mut refunds = Vec::new();
        for (refund, ..) in &self.refunds {
            refunds.push(queries.find_refund(*refund).await.unwrap().unwrap().status.name());
        }
        let mut sellers = Vec::new();
        for seller in &self.sellers {
            let earnings = queries.earnings(seller.id).await.unwrap();
            let sum = |(owed, sent), one: &application::ledger::statement::Earnings| {
                (owed + one.balance.amount(), sent + one.paid_out.amount())
            };
            sellers.push(earnings.iter().fold((0, 0), sum));
        }
        let (stock, accounts, bank) = (self.stock().await, self.accounts().await, self.bank.sums());
        Seen { balances, stock, cards, orders, top_ups, refunds, sellers, accounts, bank }
    }

    async fn stock(&self) -> Vec<u32> {
        let tx = self.db.begin().await;
        let offers = tx.stock().offers(&self.goods).await.unwrap();
        let of =
            |good: &VariantId| offers.iter().find(|offer| offer.variant_id == *good).map_or(0, |offer| offer.stock);
        self.goods.iter().map(of).collect()
    }

    /// The sums of the ledger's accounts; where they have running balances, these are the same.
    async fn accounts(&self) -> BTreeMap<String, i64> {
        let sums = self.db.sums(SUMS).await;
        for (account, running) in self.db.sums(RUNNING).await {
            assert_eq!(sums.get(&account), Some(&running), "the running balance of {account}");
        }
        sums
    }
}
