//! Sending a gift card to somebody by mail. Until it was sent, the seed of its code is kept, so that a mail that is tried
//! again carries the same code; then it is erased, and only another code can be sent.

use super::SealedSeed;
use crate::kernel::{EmailAddress, Gift, GiftCardId, OrderId, OrderLineId};
use chrono::{DateTime, Utc};

/// A gift card on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The card.
    pub gift_card: GiftCardId,
    /// To whom, with what words.
    pub gift: Gift,
    /// When it is to be sent.
    pub send_at: DateTime<Utc>,
    /// What its code follows from; none once it was sent.
    pub seed: Option<SealedSeed>,
    /// Which letter this is: another one for each address and each code.
    pub letter: u32,
    /// Since when the mail server may have it, without having said so.
    pub sending_since: Option<DateTime<Utc>>,
    /// When it was sent.
    pub sent_at: Option<DateTime<Utc>>,
    /// When the mail server said that it will never take it.
    pub failed_at: Option<DateTime<Utc>>,
    /// What was bought, if it was.
    pub piece: Option<OrderPiece>,
    /// When it was planned.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// One piece of a line of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderPiece {
    /// The order.
    pub order: OrderId,
    /// The line.
    pub line: OrderLineId,
    /// Which one of it, from 0.
    pub number: u32,
}

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryStatus {
    /// It waits for its day.
    Scheduled,
    /// It is being handed to the mail server.
    Sending,
    /// The mail server has it.
    Sent,
    /// The mail server will never take it.
    Failed,
}

/// The mail may be there already: nobody can turn it round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnItsWay;

impl Delivery {
    /// Plans one.
    #[must_use]
    pub fn plan(
        gift_card: GiftCardId,
        gift: Gift,
        seed: SealedSeed,
        piece: Option<OrderPiece>,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            send_at: gift.send_at(now),
            gift_card,
            gift,
            seed: Some(seed),
            letter: 1,
            sending_since: None,
            sent_at: None,
            failed_at: None,
            piece,
            created_at: now,
            updated_at: now,
        }
    }

    /// How it stands.
    #[must_use]
    pub const fn status(&self) -> DeliveryStatus {
        if self.sent_at.is_some() {
            DeliveryStatus::Sent
        } else if self.failed_at.is_some() {
            DeliveryStatus::Failed
        } else if self.sending_since.is_some() {
            DeliveryStatus::Sending
        } else {
            DeliveryStatus::Scheduled
        }
    }

    /// Begins to send a letter, or begins anew where it was cut off. Answers what the code follows from; nothing when the
    /// letter is another by now, was sent, or is not due.
    pub fn begin(&mut self, letter: u32, now: DateTime<Utc>) -> Option<SealedSeed> {
        let due = self.letter == letter && self.sent_at.is_none() && self.send_at <= now;
        let seed = self.seed.clone().filter(|_| due)?;
        self.sending_since = Some(now);
        self.failed_at = None;
        self.updated_at = now;
        Some(seed)
    }

    /// The mail server has the letter: its code can't be known any more.
    pub fn sent(&mut self, letter: u32, now: DateTime<Utc>) {
        if self.letter == letter {
            self.seed = None;
            self.sending_since = None;
            self.sent_at = Some(now);
            self.updated_at = now;
        }
    }

    /// The mail server has not got the letter, and may take it later.
    pub fn put_off(&mut self, letter: u32, now: DateTime<Utc>) {
        if self.letter == letter {
            self.sending_since = None;
            self.updated_at = now;
        }
    }

    /// The mail server will never take the letter.
    pub fn fail(&mut self, letter: u32, now: DateTime<Utc>) {
        if self.letter == letter {
            self.sending_since = None;
            self.failed_at = Some(now);
            self.updated_at = now;
        }
    }

    /// Has it sent elsewhere, on its day.
    ///
    /// # Errors
    /// When the mail may be there already.
    pub fn readdress(&mut self, to: EmailAddress, now: DateTime<Utc>) -> Result<(), OnItsWay> {
        if self.seed.is_none() || self.sent_at.is_some() || self.sending_since.is_some() {
            return Err(OnItsWay);
        }
        self.gift.recipient_email = to;
        self.send_at = self.send_at.max(now);
        self.failed_at = None;
        self.letter = self.letter.saturating_add(1);
        self.updated_at = now;
        Ok(())
    }

    /// Has another code sent at once.
    pub fn send_anew(&mut self, to: EmailAddress, seed: SealedSeed, now: DateTime<Utc>) {
        self.gift.recipient_email = to;
        self.seed = Some(seed);
        self.send_at = now;
        self.sending_since = None;
        self.sent_at = None;
        self.failed_at = None;
        self.letter = self.letter.saturating_add(1);
        self.updated_at = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use uuid::Uuid;

    fn now() -> DateTime<Utc> {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    fn email(text: &str) -> EmailAddress {
        EmailAddress::parse(text).unwrap()
    }

    fn seed() -> SealedSeed {
        SealedSeed::new("sealed".to_owned())
    }

    fn delivery(day: Option<&str>) -> Delivery {
        let gift = Gift {
            recipient_email: email("friend@example.com"),
            recipient_name: None,
            sender_name: None,
            message: None,
            deliver_on: day.map(|day| day.parse().unwrap()),
        };
        Delivery::plan(GiftCardId::new(Uuid::nil()), gift, seed(), None, now())
    }

    #[test]
    fn a_letter_is_begun_on_its_day_as_often_as_it_takes_with_one_seed() {
        let mut waiting = delivery(Some("2026-12-24"));
        assert_eq!((waiting.begin(1, now()), waiting.status()), (None, DeliveryStatus::Scheduled));
        let day = waiting.send_at;
        assert_eq!(waiting.begin(1, day), Some(seed()));
        assert_eq!(waiting.status(), DeliveryStatus::Sending);
        assert_eq!(waiting.begin(1, day + TimeDelta::minutes(2)), Some(seed()), "it was cut off");
        assert_eq!(waiting.begin(2, day), None, "another letter");
    }

    #[test]
    fn what_was_sent_has_no_code_any_more() {
        let mut delivery = delivery(None);
        delivery.begin(1, now()).unwrap();
        delivery.sent(1, now());
        assert_eq!((delivery.status(), delivery.seed.as_ref()), (DeliveryStatus::Sent, None));
        assert_eq!(delivery.begin(1, now()), None);
        assert_eq!(delivery.readdress(email("b@example.com"), now()), Err(OnItsWay));
        let mut without_seed = Delivery { seed: None, sent_at: None, ..delivery };
        assert_eq!(without_seed.readdress(email("b@example.com"), now()), Err(OnItsWay));
    }

    #[test]
    fn a_letter_that_waits_is_sent_elsewhere_and_the_old_one_is_void() {
        let mut waiting = delivery(Some("2026-12-24"));
        let day = waiting.send_at;
        assert_eq!(waiting.readdress(email("b@example.com"), now()), Ok(()));
        assert_eq!((waiting.letter, waiting.send_at), (2, day));
        assert_eq!(waiting.begin(1, day), None);
        assert_eq!(waiting.begin(2, day), Some(seed()));
        assert_eq!(waiting.readdress(email("c@example.com"), day), Err(OnItsWay));
        waiting.put_off(2, day);
        assert_eq!(waiting.readdress(email("c@example.com"), day), Ok(()));
    }

    #[test]
    fn a_letter_that_nobody_takes_is_told_and_can_go_elsewhere() {
        let mut refused = delivery(None);
        refused.begin(1, now()).unwrap();
        refused.fail(1, now());
        assert_eq!(refused.status(), DeliveryStatus::Failed);
        let later = now() + TimeDelta::days(1);
        assert_eq!(refused.readdress(email("b@example.com"), later), Ok(()));
        assert_eq!((refused.status(), refused.send_at), (DeliveryStatus::Scheduled, later));
    }

    #[test]
    fn the_end_of_an_old_letter_says_nothing_of_the_new_one() {
        let mut delivery = delivery(None);
        delivery.begin(1, now()).unwrap();
        delivery.sent(1, now());
        delivery.send_anew(email("b@example.com"), SealedSeed::new("another".to_owned()), now());
        delivery.sent(1, now());
        delivery.fail(1, now());
        assert_eq!(delivery.status(), DeliveryStatus::Scheduled);
        assert_eq!(delivery.begin(2, now()).unwrap().expose(), "another");
    }
}
