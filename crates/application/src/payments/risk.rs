//! The step before an attempt to pay is written down: what is recorded of its customer and its client is held against the
//! rules. What they say goes into the security log, and an attempt that they hold is opened for review.

use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::identity::Client;
use crate::repository_error::RepositoryError;
use crate::system::digest_of;
use crate::unit_of_work::UnitOfWork;
use chrono::{DateTime, Utc};
use domain::payments::{Asked, Payment, Review, RiskRules};

/// By what a client is known again, without keeping its address.
#[must_use]
pub fn counted_as(client: &Client) -> String {
    digest_of(&format!("payments of {}", client.network()))
}

/// The payment as it is to be written down: with its client, and a review if the rules want one. Lock its customer first, so
/// that all attempts of theirs are seen.
///
/// # Errors
/// When the database fails.
pub async fn weighed(
    tx: &dyn UnitOfWork,
    rules: &RiskRules,
    payment: Payment,
    client: &Client,
    now: DateTime<Utc>,
) -> Result<Payment, RepositoryError> {
    let counted = counted_as(client);
    let customer = payment.purpose.customer();
    let track = tx.payments().track(customer, &counted, payment.amount.currency(), now).await?;
    let asked = Asked { client: Some(counted), ..payment.asked.clone() };
    let findings = rules.assess(payment.amount, &track, now);
    if findings.is_empty() {
        return Ok(payment.asked_for(asked));
    }
    let names = |holding_only: bool| -> Vec<String> {
        let wanted = findings.iter().filter(|finding| finding.holds || !holding_only);
        wanted.map(|finding| finding.reason.name().to_owned()).collect()
    };
    let held = names(true);
    let mut event = SecurityEvent::new(SecurityEventKind::SuspiciousPayment).from(client);
    event = event.with("payment", payment.id).with("amount", payment.amount).with("reasons", names(false).join(", "));
    event = event.with("held", !held.is_empty());
    event.user_id = customer;
    tx.security_log().record(&event, now).await?;
    let review = (!held.is_empty()).then(|| Review::open(names(false)));
    Ok(Payment { review, ..payment.asked_for(asked) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payments::top_up::tests::top_up;
    use crate::tests::{client, now, user};
    use crate::unit_of_work::double::UnitOfWorkDouble;
    use domain::identity::Role;
    use domain::payments::{PastAttempt, PaymentStatus, Thresholds, Track};

    fn rules() -> RiskRules {
        RiskRules {
            declines: Thresholds { flag: 1, hold: 2 },
            large: Thresholds { flag: 50, hold: 0 },
            ..RiskRules::default()
        }
    }

    fn unit(declines: usize) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        let of_customer = vec![PastAttempt { at: now(), status: PaymentStatus::Declined }; declines];
        let track = Track { of_customer, ..Track::default() };
        let asked = |who: &Option<_>, client: &str| *who == Some(user(Role::Customer).id) && client.len() == 64;
        tx.payments
            .expect_track()
            .withf(move |who, client, _, _| asked(who, client))
            .returning(move |_, _, _, _| Ok(track.clone()));
        tx
    }

    fn told(tx: &mut UnitOfWorkDouble, reasons: &'static str, held: &'static str) {
        let right = move |event: &SecurityEvent, _: &_| {
            let detail = |name: &str| event.details.get(name).map(String::as_str);
            event.kind == SecurityEventKind::SuspiciousPayment
                && event.user_id == Some(user(Role::Customer).id)
                && event.address.is_some()
                && (detail("reasons"), detail("held"), detail("amount"))
                    == (Some(reasons), Some(held), Some("50.00 EUR"))
        };
        tx.security_log.expect_record().withf(right).times(1).returning(|_, _| Ok(()));
    }

    #[tokio::test]
    async fn nothing_is_told_of_an_attempt_that_no_rule_minds() {
        let weighed = weighed(&unit(0), &RiskRules::default(), top_up(), &client(), now()).await.unwrap();
        assert_eq!((weighed.review, weighed.asked.client), (None, Some(counted_as(&client()))));
    }

    #[tokio::test]
    async fn a_flag_is_told_and_holds_nothing() {
        let mut tx = unit(1);
        told(&mut tx, "declines, large_amount", "false");
        let weighed = weighed(&tx, &rules(), top_up(), &client(), now()).await.unwrap();
        assert_eq!(weighed.review, None);
    }

    #[tokio::test]
    async fn a_rule_that_holds_opens_a_review_for_all_that_was_found() {
        let mut tx = unit(2);
        told(&mut tx, "declines, large_amount", "true");
        let weighed = weighed(&tx, &rules(), top_up(), &client(), now()).await.unwrap();
        let reasons = ["declines".to_owned(), "large_amount".to_owned()];
        assert_eq!(weighed.review, Some(Review::open(reasons.into())));
    }
}
