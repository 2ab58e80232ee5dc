//! Mailing gift cards to whom they are for. That a letter is being sent is written down first, so that it can't be turned
//! round then; its code is derived for each try, and the same each time.

use super::letter::Letterhead;
use super::messages;
use super::ports::{Mail, MailError, Mailer};
use crate::gift_cards::ports::{CardWithBalance, LaterCodes};
use crate::jobs::{Job, JobFailure};
use crate::system::{Clock, digest_of};
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::gift_cards::{Delivery, DeliveryStatus, GiftCardStatus};
use domain::kernel::GiftCardId;
use std::sync::Arc;

/// Mails gift cards.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait DeliverGiftCards: Send + Sync {
    /// Sends this letter, if it is still the one to be sent. A card that is disabled waits; one that is of no use any more is
    /// not sent. A letter that the mail server may have stays on its way, and a copy of it is sent.
    async fn deliver(&self, card: GiftCardId, letter: u32) -> Result<(), JobFailure>;
}

/// How long a letter with a disabled card waits before it is looked at again.
const WAIT: TimeDelta = TimeDelta::hours(6);

/// The service behind [`DeliverGiftCards`].
pub struct GiftCardPost {
    /// Hands over mails.
    pub mailer: Arc<dyn Mailer>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Makes codes.
    pub codes: Arc<dyn LaterCodes>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// The shop.
    pub letterhead: Letterhead,
}

#[async_trait]
impl DeliverGiftCards for GiftCardPost {
    async fn deliver(&self, card: GiftCardId, letter: u32) -> Result<(), JobFailure> {
        let Some(mail) = self.begin(card, letter).await? else { return Ok(()) };
        match self.mailer.send(&mail).await {
            Ok(()) => self.note(card, |delivery, now| delivery.sent(letter, now)).await,
            Err(error @ MailError::Unavailable(_)) => {
                self.note(card, |delivery, now| delivery.put_off(letter, now)).await?;
                Err(JobFailure::Retry(error.to_string()))
            }
            Err(error @ MailError::Lost(_)) => Err(JobFailure::Retry(error.to_string())),
            Err(error @ MailError::Refused(_)) => {
                self.note(card, |delivery, now| delivery.fail(letter, now)).await?;
                Err(JobFailure::Fail(error.to_string()))
            }
        }
    }
}

impl GiftCardPost {
    /// The mail, once it is written down that it is being sent.
    async fn begin(&self, id: GiftCardId, letter: u32) -> Result<Option<Mail>, JobFailure> {
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        let Some(CardWithBalance { card, balance }) = tx.gift_cards().lock(id).await? else { return Ok(None) };
        let Some(mut delivery) = tx.gift_deliveries().lock(id).await? else { return Ok(None) };
        let may_be_there = delivery.status() == DeliveryStatus::Sending;
        let Some(seed) = delivery.begin(letter, now) else { return Ok(None) };
        match card.status(balance, now) {
            GiftCardStatus::Active => {}
            GiftCardStatus::Disabled if card.voided_at.is_none() => {
                tx.jobs().push(Job::DeliverGiftCard { gift_card_id: id.uuid(), letter }, now + WAIT).await?;
                tx.commit().await?;
                return Ok(None);
            }
            // Whoever has used the card has had the letter, even if the mail server never said so.
            GiftCardStatus::Redeemed if may_be_there => {
                delivery.sent(letter, now);
                tx.gift_deliveries().update(&delivery).await?;
                tx.commit().await?;
                return Ok(None);
            }
            GiftCardStatus::Disabled | GiftCardStatus::Redeemed | GiftCardStatus::Expired => {
                delivery.fail(letter, now);
                tx.gift_deliveries().update(&delivery).await?;
                tx.commit().await?;
                return Ok(None);
            }
        }
        let code = self.codes.code(&seed, id.uuid(), id).map_err(|error| JobFailure::Fail(error.to_string()))?;
        if digest_of(code.expose()) != card.code_digest {
            return Err(JobFailure::Fail("the code does not follow from this shop's key".to_owned()));
        }
        tx.gift_deliveries().update(&delivery).await?;
        tx.commit().await?;
        Ok(Some(messages::gift_card(&self.letterhead, &delivery, &code, balance, card.expires_at)))
    }

    async fn note(
        &self,
        card: GiftCardId,
        change: impl FnOnce(&mut Delivery, DateTime<Utc>) + Send,
    ) -> Result<(), JobFailure> {
        let tx = self.transactor.begin().await?;
        let Some(mut delivery) = tx.gift_deliveries().lock(card).await? else { return Ok(()) };
        change(&mut delivery, self.clock.now());
        tx.gift_deliveries().update(&delivery).await?;
        Ok(tx.commit().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RepositoryError;
    use crate::gift_cards::ports::MockLaterCodes;
    use crate::notifications::ports::MockMailer;
    use crate::tests::{StandingSystem, email, eur, now, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::gift_cards::{GiftCard, GiftCardCode, NewGiftCard, SealedSeed};
    use domain::kernel::{Gift, UserId};

    const CODE: &str = "ABCD-EFGH-JKMN-PQRS-TVWX-YZ01";

    fn card() -> GiftCard {
        let new = NewGiftCard {
            id: GiftCardId::new(uuid(7)),
            code_digest: digest_of(&CODE.replace('-', "")),
            last4: "YZ01".to_owned(),
            value: eur(5_000),
            issued_by: UserId::new(uuid(8)),
            recipient_email: None,
            expires_at: None,
        };
        GiftCard::issue(new, now()).unwrap()
    }

    fn delivery() -> Delivery {
        let gift = Gift {
            recipient_email: email("friend@example.com"),
            recipient_name: Some("Grace".to_owned()),
            sender_name: Some("Ada".to_owned()),
            message: Some("Happy birthday!\nYours".to_owned()),
            deliver_on: None,
        };
        Delivery::plan(card().id, gift, SealedSeed::new("sealed".to_owned()), None, now())
    }

    fn holding(card: GiftCard, delivery: Delivery) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.gift_cards.expect_lock().return_once(move |_| Ok(Some(CardWithBalance { card, balance: eur(5_000) })));
        tx.gift_deliveries.expect_lock().return_once(move |_| Ok(Some(delivery)));
        tx
    }

    /// A unit of work in which the delivery comes to stand so.
    fn noting(mut tx: UnitOfWorkDouble, status: DeliveryStatus) -> UnitOfWorkDouble {
        tx.gift_deliveries
            .expect_update()
            .withf(move |delivery| delivery.status() == status)
            .times(1)
            .returning(|_| Ok(()));
        tx
    }

    fn afterwards(delivery: Delivery, status: DeliveryStatus) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.gift_deliveries.expect_lock().return_once(move |_| Ok(Some(delivery)));
        noting(tx, status)
    }

    fn post(transactor: &Arc<TransactorDouble>, mailer: MockMailer) -> GiftCardPost {
        let mut codes = MockLaterCodes::new();
        codes.expect_code().returning(|_, _, _| Ok(GiftCardCode::parse(CODE).unwrap()));
        GiftCardPost {
            mailer: Arc::new(mailer),
            transactor: transactor.clone(),
            codes: Arc::new(codes),
            clock: StandingSystem::new(),
            letterhead: Letterhead { shop_name: "Carat".to_owned(), public_url: "https://shop.example".to_owned() },
        }
    }

    fn begun() -> Delivery {
        let mut begun = delivery();
        begun.begin(1, now()).unwrap();
        begun
    }

    #[tokio::test]
    async fn a_card_is_mailed_with_its_code_and_words_and_its_seed_is_erased() {
        let transactor = TransactorDouble::new([
            noting(holding(card(), delivery()), DeliveryStatus::Sending),
            afterwards(begun(), DeliveryStatus::Sent),
        ]);
        let mut mailer = MockMailer::new();
        let whole = |mail: &Mail| {
            let said = [CODE, "Happy birthday!", "Yours", "Ada", "Grace", "50.00 EUR", "/gift-card/print#ABCD"];
            mail.to == email("friend@example.com") && said.iter().all(|words| mail.text.contains(words))
        };
        mailer.expect_send().withf(whole).times(1).returning(|_| Ok(()));
        post(&transactor, mailer).deliver(card().id, 1).await.unwrap();
        assert_eq!(transactor.commits(), 2);
    }

    #[tokio::test]
    async fn a_mail_that_is_tried_again_after_a_crash_is_the_same() {
        let cut_off = || {
            let mut tx = UnitOfWorkDouble::default();
            tx.gift_deliveries.expect_lock().return_once(|_| Err(RepositoryError::Contention));
            tx
        };
        let transactor = TransactorDouble::new([
            noting(holding(card(), delivery()), DeliveryStatus::Sending),
            cut_off(),
            noting(holding(card(), begun()), DeliveryStatus::Sending),
            cut_off(),
        ]);
        let mails = Arc::new(std::sync::Mutex::new(Vec::new()));
        let kept = mails.clone();
        let mut mailer = MockMailer::new();
        mailer.expect_send().times(2).returning(move |mail| {
            kept.lock().unwrap().push(mail.clone());
            Ok(())
        });
        let post = post(&transactor, mailer);
        // The mail server takes it, and that can't be noted.
        for _ in 0..2 {
            assert!(matches!(post.deliver(card().id, 1).await, Err(JobFailure::Retry(_))));
        }
        let mails = mails.lock().unwrap();
        assert_eq!(mails[0], mails[1]);
    }

    #[tokio::test]
    async fn a_letter_that_is_not_the_one_any_more_is_not_sent() {
        let mut elsewhere = delivery();
        elsewhere.readdress(email("b@example.com"), now()).unwrap();
        let transactor = TransactorDouble::new([holding(card(), elsewhere)]);
        post(&transactor, MockMailer::new()).deliver(card().id, 1).await.unwrap();
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn a_disabled_card_waits_and_one_of_no_use_is_not_sent() {
        let disabled = GiftCard { disabled_at: Some(now()), ..card() };
        let mut waiting = holding(disabled, delivery());
        let later = |job: &Job, at: &_| matches!(job, Job::DeliverGiftCard { letter: 1, .. }) && *at == now() + WAIT;
        waiting.jobs.expect_push().withf(later).times(1).returning(|_, _| Ok(()));
        let used = GiftCard { redeemed_at: Some(now()), ..card() };
        let useless = noting(holding(used, delivery()), DeliveryStatus::Failed);
        let taken_back = GiftCard { voided_at: Some(now()), ..card() };
        let void = noting(holding(taken_back, delivery()), DeliveryStatus::Failed);
        let transactor = TransactorDouble::new([waiting, useless, void]);
        let post = post(&transactor, MockMailer::new());
        for _ in 0..3 {
            post.deliver(card().id, 1).await.unwrap();
        }
        assert_eq!(transactor.commits(), 3);
    }

    #[tokio::test]
    async fn a_letter_that_may_be_there_stays_on_its_way_and_has_come_when_its_card_is_used() {
        let transactor = TransactorDouble::new([
            noting(holding(card(), delivery()), DeliveryStatus::Sending),
            noting(holding(GiftCard { redeemed_at: Some(now()), ..card() }, begun()), DeliveryStatus::Sent),
        ]);
        let mut mailer = MockMailer::new();
        mailer.expect_send().times(1).returning(|_| Err(MailError::Lost("silence".into())));
        let post = post(&transactor, mailer);
        assert!(matches!(post.deliver(card().id, 1).await, Err(JobFailure::Retry(_))));
        post.deliver(card().id, 1).await.unwrap();
        assert_eq!(transactor.commits(), 2);
    }

    #[tokio::test]
    async fn what_the_mail_server_says_is_noted() {
        let refused = || MailError::Refused("no such mailbox".to_owned());
        let away = || MailError::Unavailable("away".into());
        for (error, status) in [(refused(), DeliveryStatus::Failed), (away(), DeliveryStatus::Scheduled)] {
            let transactor = TransactorDouble::new([
                noting(holding(card(), delivery()), DeliveryStatus::Sending),
                afterwards(begun(), status),
            ]);
            let mut mailer = MockMailer::new();
            mailer.expect_send().return_once(move |_| Err(error));
            let failure = post(&transactor, mailer).deliver(card().id, 1).await.unwrap_err();
            assert_eq!(matches!(failure, JobFailure::Fail(_)), status == DeliveryStatus::Failed);
            assert_eq!(transactor.commits(), 2);
        }
    }

    #[tokio::test]
    async fn a_code_under_another_key_is_not_sent() {
        let other = GiftCard { code_digest: "of another key".to_owned(), ..card() };
        let transactor = TransactorDouble::new([holding(other, delivery())]);
        let failure = post(&transactor, MockMailer::new()).deliver(card().id, 1).await.unwrap_err();
        assert!(matches!(failure, JobFailure::Fail(_)));
        assert_eq!(transactor.commits(), 0);
    }
}
