//! A refund, and what becomes of its card's part at the gateway. What goes to gift cards and balances is there at once.

use super::sale::{Allotment, Given};
use super::tenders::{RefundTender, TenderKind};
use crate::kernel::{Applied, Money, MoneyError, OrderId, PaymentId, RefundId, UserId};
use chrono::{DateTime, Utc};

crate::named! {
    /// Who gives the money back.
    pub enum RefundKind {
        /// The shop.
        Refund = "refund",
        /// The bank, since the customer asked it to.
        Dispute = "dispute",
    }
}

crate::named! {
    /// Where a refund stands.
    pub enum RefundStatus {
        /// Written down; the gateway has not said yet what became of it. Of a dispute: it is open.
        Pending = "pending",
        /// The money has gone back. Of a dispute: it is lost.
        Succeeded = "succeeded",
        /// The card's part did not go back. Of a dispute: it is won.
        Failed = "failed",
    }
}

/// A part of the price that is given back.
pub type RefundPart = Allotment;

/// Money that goes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// Its id; with it the gateway tells a repeated request from a new one.
    pub id: RefundId,
    /// Who gives it back.
    pub kind: RefundKind,
    /// The order.
    pub order_id: OrderId,
    /// Its payment, if a card's part is among it.
    pub payment_id: Option<PaymentId>,
    /// How much.
    pub amount: Money,
    /// What a dispute takes beyond what was left of the price: the platform's loss.
    pub excess: Money,
    /// Where it stands.
    pub status: RefundStatus,
    /// Of what.
    pub parts: Vec<RefundPart>,
    /// What should have gone back with them and could not: gift cards that somebody has used.
    pub kept: Vec<RefundPart>,
    /// Where to.
    pub to: Vec<RefundTender>,
    /// Why, in words.
    pub reason: Option<String>,
    /// Whether the pieces went back on sale.
    pub restocked: bool,
    /// Who asked for it; nobody here asks for a dispute.
    pub requested_by: Option<UserId>,
    /// What named the request: the same name again answers the same refund.
    pub request_key: String,
    /// The gateway's id for it, once it has one.
    pub gateway_id: Option<String>,
    /// Why the gateway did not give it back.
    pub failure: Option<String>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it last moved.
    pub updated_at: DateTime<Utc>,
}

/// What the gateway says about a refund, or a dispute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefundVerdict {
    /// It is on its way; the dispute is open.
    Pending,
    /// It has gone back; the dispute is lost.
    Succeeded,
    /// It has not, for this reason; the dispute is won.
    Failed(String),
}

impl RefundVerdict {
    /// Why it has not gone back.
    #[must_use]
    pub fn failure(&self) -> Option<String> {
        match self {
            Self::Failed(why) => Some(why.clone()),
            Self::Pending | Self::Succeeded => None,
        }
    }
}

impl RefundStatus {
    /// Where a refund stands after such a verdict.
    ///
    /// # Errors
    /// When it had failed.
    pub const fn follow(self, verdict: &RefundVerdict) -> Result<Applied<Self>, ContradictoryRefund> {
        use RefundVerdict as V;
        Ok(match (self, verdict) {
            (Self::Pending | Self::Succeeded, V::Pending)
            | (Self::Succeeded, V::Succeeded)
            | (Self::Failed, V::Failed(_)) => Applied::Already,
            (Self::Pending, V::Succeeded) => Applied::Now(Self::Succeeded),
            (Self::Pending | Self::Succeeded, V::Failed(_)) => Applied::Now(Self::Failed),
            (Self::Failed, V::Pending | V::Succeeded) => return Err(ContradictoryRefund),
        })
    }
}

/// The refund has ended in another way than the gateway now says; somebody must look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the refund had failed when the gateway said otherwise")]
pub struct ContradictoryRefund;

impl Refund {
    /// What of it goes by the gateway.
    #[must_use]
    pub fn card_part(&self) -> Money {
        let card = self.to.iter().find(|tender| tender.kind == TenderKind::Card);
        card.map_or(Money::zero(self.amount.currency()), |tender| tender.amount)
    }

    /// Notes under which id the gateway knows it. The first one counts.
    pub fn known_as(&mut self, gateway_id: &str) {
        self.gateway_id.get_or_insert_with(|| gateway_id.to_owned());
    }

    /// Follows what the gateway says. A bank may send money back days after it was given: what had succeeded can fail.
    ///
    /// # Errors
    /// When it had failed; it stays so.
    pub fn follow(
        &mut self,
        verdict: &RefundVerdict,
        now: DateTime<Utc>,
    ) -> Result<Applied<RefundStatus>, ContradictoryRefund> {
        let followed = self.status.follow(verdict)?;
        if let Applied::Now(to) = followed {
            (self.status, self.updated_at) = (to, now);
            self.failure = verdict.failure();
        }
        Ok(followed)
    }

    /// What of its parts has come back since it failed: the card's part of them, by their shares. Pieces that are for sale again
    /// stay given back, so that none is put on sale twice: what is left of their line is its money.
    ///
    /// # Errors
    /// When the amounts don't fit together.
    pub fn come_back(&self) -> Result<Vec<Allotment>, MoneyError> {
        let card = self.card_part();
        if card == self.amount && !self.restocked {
            return Ok(self.parts.clone());
        }
        let weights: Vec<i64> = self.parts.iter().map(|part| part.amount.amount()).collect();
        let shares = card.allot(&weights).ok_or(MoneyError::Overflow)?;
        // Pieces whose money has gone back in part are still given back, too.
        let back = |(part, amount): (&Allotment, Money)| Allotment { line: part.line, quantity: 0, amount };
        Ok(self.parts.iter().zip(shares).map(back).collect())
    }

    /// What these refunds gave back of each part, without what has come back.
    ///
    /// # Errors
    /// When the amounts don't fit together.
    pub fn given<'a>(refunds: impl IntoIterator<Item = &'a Self>) -> Result<Given, MoneyError> {
        let mut given = Given::new();
        let mut add = |part: &Allotment, sign: i64| {
            let (amount, quantity) = given.entry(part.line).or_default();
            *amount = amount.saturating_add(part.amount.amount().saturating_mul(sign));
            *quantity =
                if sign > 0 { quantity.saturating_add(part.quantity) } else { quantity.saturating_sub(part.quantity) };
        };
        for refund in refunds {
            refund.parts.iter().for_each(|part| add(part, 1));
            if refund.status == RefundStatus::Failed {
                refund.come_back()?.iter().for_each(|part| add(part, -1));
            }
        }
        Ok(given)
    }

    /// What has gone back, or is on its way.
    #[must_use]
    pub fn standing(&self) -> Money {
        match self.status {
            RefundStatus::Pending | RefundStatus::Succeeded => self.amount,
            RefundStatus::Failed => self.amount.minus(self.card_part()).unwrap_or(self.amount),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Currency, GiftCardId, OrderLineId};
    use uuid::Uuid;

    fn eur(amount: i64) -> Money {
        Money::new(amount, Currency::EUR)
    }

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).unwrap()
    }

    fn line(number: u128) -> Option<OrderLineId> {
        Some(OrderLineId::new(Uuid::from_u128(number)))
    }

    /// Of two lines 60.00 and 40.00, of which 30.00 go to a gift card.
    fn refund(status: RefundStatus) -> Refund {
        let part = |number, amount| Allotment { line: line(number), quantity: 1, amount: eur(amount) };
        let gift_card = TenderKind::GiftCard(GiftCardId::new(Uuid::nil()));
        let to = |position, kind, amount| RefundTender { position, kind, amount: eur(amount) };
        Refund {
            id: RefundId::new(Uuid::nil()),
            kind: RefundKind::Refund,
            order_id: OrderId::new(Uuid::nil()),
            payment_id: Some(PaymentId::new(Uuid::nil())),
            amount: eur(10_000),
            excess: eur(0),
            status,
            parts: vec![part(1, 6_000), part(2, 4_000)],
            kept: vec![],
            to: vec![to(0, gift_card, 3_000), to(1, TenderKind::Card, 7_000)],
            reason: None,
            restocked: false,
            requested_by: None,
            request_key: "key".to_owned(),
            gateway_id: None,
            failure: None,
            created_at: now(),
            updated_at: now(),
        }
    }

    #[test]
    fn every_state_has_an_answer_to_every_verdict() {
        use {RefundStatus as S, RefundVerdict as V};
        let failed = || V::Failed("the account is closed".to_owned());
        for (from, verdict, answer, to) in [
            (S::Pending, V::Pending, Ok(Applied::Already), S::Pending),
            (S::Pending, V::Succeeded, Ok(Applied::Now(S::Succeeded)), S::Succeeded),
            (S::Pending, failed(), Ok(Applied::Now(S::Failed)), S::Failed),
            (S::Succeeded, V::Pending, Ok(Applied::Already), S::Succeeded),
            (S::Succeeded, V::Succeeded, Ok(Applied::Already), S::Succeeded),
            (S::Succeeded, failed(), Ok(Applied::Now(S::Failed)), S::Failed),
            (S::Failed, V::Pending, Err(ContradictoryRefund), S::Failed),
            (S::Failed, V::Succeeded, Err(ContradictoryRefund), S::Failed),
            (S::Failed, failed(), Ok(Applied::Already), S::Failed),
        ] {
            let mut refund = refund(from);
            assert_eq!((refund.follow(&verdict, now()), refund.status), (answer, to), "{from:?} {verdict:?}");
        }
    }

    #[test]
    fn what_failed_comes_back_without_what_gift_cards_got() {
        let failed = refund(RefundStatus::Failed);
        let back: Vec<_> = failed.come_back().unwrap().iter().map(|part| part.amount.amount()).collect();
        assert_eq!(back, [4_200, 2_800]);
        assert_eq!(failed.standing(), eur(3_000));
        let given = Refund::given([&failed, &refund(RefundStatus::Pending)]).unwrap();
        assert_eq!(given[&line(1)], (7_800, 2));
        assert_eq!(given[&line(2)], (5_200, 2));
    }

    #[test]
    fn what_failed_as_a_whole_gives_its_pieces_back() {
        let mut failed = refund(RefundStatus::Failed);
        failed.to = vec![RefundTender { position: 1, kind: TenderKind::Card, amount: eur(10_000) }];
        assert_eq!(Refund::given([&failed]).unwrap().values().copied().collect::<Vec<_>>(), [(0, 0), (0, 0)]);
        assert_eq!(failed.standing(), eur(0));
    }

    #[test]
    fn pieces_that_are_for_sale_again_stay_given_back_when_their_money_comes_back() {
        let mut failed = Refund { restocked: true, ..refund(RefundStatus::Failed) };
        failed.to = vec![RefundTender { position: 1, kind: TenderKind::Card, amount: eur(10_000) }];
        assert_eq!(Refund::given([&failed]).unwrap().values().copied().collect::<Vec<_>>(), [(0, 1), (0, 1)]);
    }

    #[test]
    fn the_gateways_first_id_counts() {
        let mut refund = refund(RefundStatus::Pending);
        refund.known_as("re_1");
        refund.known_as("re_2");
        assert_eq!(refund.gateway_id.as_deref(), Some("re_1"));
    }
}
