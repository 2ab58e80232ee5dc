//! Refunds, disputes and payouts on real databases: what must never be more, under races, replays and silence.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helper functions of tests may fail as tests do"
)]

mod till;

use application::payouts::pay_out::PayOutError;
use application::refunds::give::GiveRefundError;
use domain::kernel::Money;
use domain::orders::{OrderEventKind, OrderState};
use domain::payouts::PayoutRefusal;
use domain::refunds::{RefundRefusal, RefundStatus, RefundVerdict, RefundWish, TenderKind};
use testkit::both_databases;
use testkit::builders::cents;
use till::Till;

both_databases! {
    async fn two_hundred_partial_refunds_at_once_never_give_back_more_than_was_paid(db: TestDb) {
        let till = Till::open(db).await;
        let order = till.order_paid_by_everything().await;
        // 258.00 in all: 100.00 of a gift card, 58.00 of the balance, 100.00 by card. Each asks for 1.99.
        // Who is told to come back later does, under the same key.
        let attempts = (0..200).map(|n| till.refund_at_last(order.id, cents(199), n)).collect::<Vec<_>>();
        let mut given = 0;
        for outcome in till::all(attempts).await {
            match outcome {
                Ok((refund, _)) => given += refund.amount.amount(),
                Err(GiveRefundError::Refused(RefundRefusal::TooMuch { .. } | RefundRefusal::NothingLeft)) => {}
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!(given, 129 * 199, "as often as there is so much left");
        let (rest, stored) = till.refund(order.id, RefundWish::Rest, 999).await.unwrap();
        assert_eq!((given + rest.amount.amount(), stored.state()), (25_800, OrderState::Refunded));
        assert_eq!(till.gateway.given(), 10_000, "no more than the card brought");
        assert_eq!(till.on_gift_card().await, 10_000);
        assert_eq!(till.balance().await, 5_800);
        for account in ["seller", "platform_fees", "clearing", "order_hold"] {
            assert_eq!(till.ledger(account).await, 0, "{account}");
        }
        let nothing = till.refund(order.id, RefundWish::Rest, 1_000).await.unwrap_err();
        assert!(matches!(nothing, GiveRefundError::Refused(RefundRefusal::NothingLeft)));
        till.assert_money_adds_up().await;
    }

    async fn the_same_request_twenty_times_at_once_is_one_refund(db: TestDb) {
        let till = Till::open(db).await;
        let order = till.order_paid_by_card().await;
        let attempts = (0..20).map(|_| till.refund(order.id, RefundWish::Amount(cents(500)), 1)).collect::<Vec<_>>();
        let ids: Vec<_> = till::all(attempts).await.into_iter().map(|given| given.unwrap().0.id).collect();
        assert!(ids.iter().all(|id| *id == ids[0]));
        assert_eq!(till.gateway.given(), 500);
        till.assert_money_adds_up().await;
    }

    async fn a_lost_answer_is_asked_for_again_and_one_refund_is_made(db: TestDb) {
        let till = Till::open(db).await;
        let order = till.order_paid_by_card().await;
        till.gateway.falls_mute();
        let (refund, _) = till.refund(order.id, RefundWish::Rest, 1).await.unwrap();
        assert_eq!(refund.status, RefundStatus::Pending);
        assert_eq!(till.jobs("reconcile_refund").await, 1);
        till.reconcile(refund.id).await.unwrap();
        assert_eq!(till.stored(refund.id).await.status, RefundStatus::Pending, "it is still mute");
        till.gateway.speaks_again();
        till::all((0..8).map(|_| till.reconcile(refund.id)).collect::<Vec<_>>()).await.into_iter().for_each(Result::unwrap);
        assert_eq!(till.stored(refund.id).await.status, RefundStatus::Succeeded);
        assert_eq!((till.gateway.given(), till.gateway.refunds()), (25_800, 1));
        till.assert_money_adds_up().await;
    }

    async fn what_the_gateway_refuses_can_be_given_again(db: TestDb) {
        let till = Till::open(db).await;
        let order = till.order_paid_by_everything().await;
        till.gateway.refuses("charge_disputed");
        let (refund, _) = till.refund(order.id, RefundWish::Rest, 1).await.unwrap();
        assert_eq!(refund.status, RefundStatus::Failed);
        let stored = till.order(order.id).await;
        assert_eq!((stored.state(), stored.refunded), (OrderState::PartlyRefunded, cents(15_800)));
        let kinds: Vec<_> = stored.timeline.iter().map(|event| event.kind).collect();
        assert_eq!(kinds.iter().filter(|kind| **kind == OrderEventKind::RefundFailed).count(), 1);
        assert_eq!((till.on_gift_card().await, till.balance().await), (10_000, 5_800), "these keep what they got");
        assert_eq!(till.ledger("seller").await, 9_750, "97.5 % of what came back");
        till.assert_money_adds_up().await;
        till.gateway.speaks_again();
        let (again, stored) = till.refund(order.id, RefundWish::Rest, 2).await.unwrap();
        assert_eq!((again.amount, stored.state()), (cents(10_000), OrderState::Refunded));
        assert_eq!(again.to.iter().map(|to| to.kind).collect::<Vec<_>>(), [TenderKind::Card]);
        till.assert_money_adds_up().await;
    }

    async fn events_in_any_order_and_often_lead_to_the_same_end(db: TestDb) {
        let till = Till::open(db).await;
        let order = till.order_paid_by_card().await;
        till.gateway.says(RefundVerdict::Pending);
        let (first, _) = till.refund(order.id, RefundWish::Amount(cents(1_000)), 1).await.unwrap();
        let (second, _) = till.refund(order.id, RefundWish::Amount(cents(2_000)), 2).await.unwrap();
        assert_eq!((first.status, second.status), (RefundStatus::Pending, RefundStatus::Pending));
        till.gateway.decides(first.id, RefundVerdict::Succeeded);
        till.gateway.decides(second.id, RefundVerdict::Failed("expired_or_canceled_card".into()));
        let events = (0..30).map(|n| till.follow([first.id, second.id][n % 2])).collect::<Vec<_>>();
        till::all(events).await.into_iter().for_each(Result::unwrap);
        assert_eq!(till.stored(first.id).await.status, RefundStatus::Succeeded);
        assert_eq!(till.stored(second.id).await.status, RefundStatus::Failed);
        assert_eq!(till.order(order.id).await.refunded, cents(1_000));
        // The bank sends back what had gone well.
        till.gateway.decides(first.id, RefundVerdict::Failed("lost_or_stolen_card".into()));
        till.follow(first.id).await.unwrap();
        assert_eq!(till.order(order.id).await.state(), OrderState::Paid);
        assert_eq!(till.ledger("seller").await, 25_155, "as if nothing had been");
        till.assert_money_adds_up().await;
    }

    async fn a_dispute_is_opened_once_and_won_or_lost_once(db: TestDb) {
        let till = Till::open(db).await;
        for (refunded, verdict, sellers) in [
            (0, RefundVerdict::Failed("won".into()), 25_155),
            (0, RefundVerdict::Succeeded, 0),
            (5_800, RefundVerdict::Failed("won".into()), 19_500),
            (5_800, RefundVerdict::Succeeded, 0),
        ] {
            let before = till.ledger("seller").await;
            let order = till.order_paid_by_card().await;
            if refunded > 0 {
                till.refund(order.id, RefundWish::Amount(cents(refunded)), 1).await.unwrap();
            }
            let dispute = till.gateway.is_disputed(till.payment_of(order.id).await, cents(25_800));
            let events = (0..6).map(|_| till.follow_dispute(&dispute)).collect::<Vec<_>>();
            till::all(events).await.into_iter().for_each(Result::unwrap);
            assert_eq!(till.ledger("seller").await, before, "the bank has it all");
            let refused = till.refund(order.id, RefundWish::Rest, 2).await.unwrap_err();
            assert!(matches!(refused, GiveRefundError::Disputed));
            till.assert_money_adds_up().await;
            till.gateway.decides_dispute(&dispute, verdict);
            let events = (0..6).map(|_| till.follow_dispute(&dispute)).collect::<Vec<_>>();
            till::all(events).await.into_iter().for_each(Result::unwrap);
            assert_eq!(till.ledger("seller").await - before, sellers);
            let kinds: Vec<_> = till.order(order.id).await.timeline.iter().map(|event| event.kind).collect();
            let ended = [OrderEventKind::DisputeWon, OrderEventKind::DisputeLost];
            assert_eq!(kinds.iter().filter(|kind| ended.contains(kind)).count(), 1);
            till.assert_money_adds_up().await;
        }
    }

    async fn an_order_from_before_the_ledger_is_given_back_by_its_sellers_alone(db: TestDb) {
        let till = Till::open(db).await;
        let order = till.order_from_before_the_ledger().await;
        let (refund, stored) = till.refund(order.id, RefundWish::Rest, 1).await.unwrap();
        assert_eq!((refund.amount, stored.state()), (cents(25_800), OrderState::Refunded));
        assert_eq!((till.ledger("seller").await, till.ledger("platform_fees").await), (-25_800, 0));
        till.assert_money_adds_up().await;
    }

    async fn thirty_payouts_at_once_send_no_more_than_is_owed(db: TestDb) {
        let till = Till::open(db).await;
        till.order_paid_by_card().await;
        let attempts = (0..30).map(|n| till.pay_out(cents(5_000), n)).collect::<Vec<_>>();
        let outcomes = till::all(attempts).await;
        let refused = outcomes.iter().filter(|outcome| {
            matches!(outcome, Err(PayOutError::Refused(PayoutRefusal::MoreThanOwed(left))) if left.amount() < 5_000)
        });
        assert_eq!((outcomes.iter().filter(|outcome| outcome.is_ok()).count(), refused.count()), (5, 25));
        assert_eq!(till.ledger("seller").await, 155);
        let made = outcomes.into_iter().find_map(Result::ok).unwrap().payout;
        let back = (0..8).map(|_| till.payout_comes_back(made.id)).collect::<Vec<_>>();
        till::all(back).await.into_iter().for_each(|failed| { failed.unwrap(); });
        assert_eq!(till.ledger("seller").await, 5_155, "owed again, once");
        let same = (0..8).map(|_| till.pay_out(cents(100), 77)).collect::<Vec<_>>();
        let ids: Vec<_> = till::all(same).await.into_iter().map(|made| made.unwrap().payout.id).collect();
        assert!(ids.iter().all(|id| *id == ids[0]));
        assert_eq!(till.ledger("seller").await, 5_055);
        till.assert_money_adds_up().await;
    }

    async fn a_statement_adds_up_line_by_line(db: TestDb) {
        let till = Till::open(db).await;
        let order = till.order_paid_by_card().await;
        till.refund(order.id, RefundWish::Amount(cents(1_000)), 1).await.unwrap();
        till.pay_out(cents(20_000), 1).await.unwrap();
        let statement = till.statement().await;
        let lines: Vec<_> = statement.lines.data.iter().map(|line| {
            (line.kind.name(), line.amount.amount(), line.fee.map(Money::amount), line.balance_after.amount())
        }).collect();
        assert_eq!(
            lines,
            [
                ("payout", -20_000, None, 4_180),
                ("refund", -975, Some(-25), 24_180),
                ("order_paid", 25_155, Some(645), 25_155),
            ]
        );
        assert_eq!((statement.opening, statement.closing), (cents(0), cents(4_180)));
        assert_eq!(statement.lines.data[1].order_number, Some(order.number.0));
        assert!(statement.lines.data[0].payout_id.is_some());
        let [earned] = till.earnings().await.try_into().unwrap();
        assert_eq!((earned.balance, earned.paid_out), (cents(4_180), cents(20_000)));
        let [owed] = till.owed().await.try_into().unwrap();
        assert_eq!((owed.balance, owed.shop_name.as_str()), (cents(4_180), "Maison Ada"));
    }
}
