//! What happened to many gift cards of a batch at one moment: what is the same for all of them once, and how each stands as runs
//! of places, so that ten thousand cards are a line or two.

use super::announce::PlacedStanding;
use super::facts::{Facts, status_of_card};
use chrono::{DateTime, Utc};
use domain::gift_cards::GiftCardBatch;
use domain::kernel::GiftCardId;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use uuid::Uuid;

/// Cards of a batch. It lies in a job, so fields may be added, and must be optional then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CardRuns {
    /// The batch whose places these are.
    pub batch_id: Uuid,
    value: i64,
    currency: String,
    runs: VecDeque<Run>,
}

/// Neighbours that stand alike: the first and the last place, and how each stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Run(u32, u32, Standing);

/// The status, what is left, and when it ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Standing(String, i64, Option<DateTime<Utc>>);

/// How the card in a place stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Which place.
    pub number: u32,
    standing: Standing,
}

impl CardRuns {
    /// These cards, in the order of their places.
    pub fn of(batch: &GiftCardBatch, cards: impl IntoIterator<Item = PlacedStanding>) -> Self {
        let mut runs: VecDeque<Run> = VecDeque::new();
        for PlacedStanding { place, status, balance, expires_at } in cards {
            let standing = Standing(status_of_card(status).to_owned(), balance.amount(), expires_at);
            match runs.back_mut() {
                Some(Run(_, last, same)) if last.checked_add(1) == Some(place) && *same == standing => *last = place,
                _ => runs.push_back(Run(place, place, standing)),
            }
        }
        let (batch_id, currency) = (batch.id.uuid(), batch.value.currency().code().to_owned());
        Self { batch_id, value: batch.value.amount(), currency, runs }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Takes the first places off, `most` of them at the most.
    pub fn take(&mut self, most: usize) -> Vec<Place> {
        let mut taken = Vec::new();
        while taken.len() < most {
            let Some(Run(first, last, standing)) = self.runs.pop_front() else { break };
            taken.push(Place { number: first, standing: standing.clone() });
            if first < last {
                self.runs.push_front(Run(first.saturating_add(1), last, standing));
            }
        }
        taken
    }

    /// What is known of the card in this place.
    pub fn facts(&self, place: &Place, card: GiftCardId) -> Facts {
        let Standing(status, balance, expires_at) = &place.standing;
        Facts::of_card_of_batch(card, status, (self.value, &self.currency), *balance, *expires_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{eur, now, uuid};
    use domain::gift_cards::{GiftCardStatus, NewGiftCardBatch, SealedSeed};
    use domain::kernel::{GiftCardBatchId, UserId};

    fn batch(quantity: u32) -> GiftCardBatch {
        let new = NewGiftCardBatch {
            id: GiftCardBatchId::new(uuid(70)),
            value: eur(5_000),
            quantity,
            expires_at: None,
            note: None,
            issued_by: UserId::new(uuid(8)),
            seed: SealedSeed::new("sealed".to_owned()),
        };
        GiftCardBatch::order(new, now()).unwrap()
    }

    fn numbers(places: &[Place]) -> Vec<u32> {
        places.iter().map(|place| place.number).collect()
    }

    fn standing(place: u32, status: GiftCardStatus, left: i64) -> PlacedStanding {
        PlacedStanding { place, status, balance: eur(left), expires_at: None }
    }

    #[test]
    fn ten_thousand_cards_that_stand_alike_are_one_run() {
        let alike = (0..10_000).map(|place| standing(place, GiftCardStatus::Active, 5_000));
        let whole = CardRuns::of(&batch(10_000), alike);
        let text = serde_json::to_string(&whole).unwrap();
        assert!(text.ends_with(r#""runs":[[0,9999,["active",5000,null]]]}"#), "{text}");
        assert_eq!(serde_json::from_str::<CardRuns>(&text).unwrap(), whole);
    }

    #[test]
    fn a_run_ends_where_a_card_is_missing_or_stands_otherwise() {
        let stands = |place: u32| match place {
            3 => standing(place, GiftCardStatus::Disabled, 1_000),
            4 => standing(place, GiftCardStatus::Redeemed, 0),
            8 => PlacedStanding { expires_at: Some(now()), ..standing(place, GiftCardStatus::Disabled, 5_000) },
            _ => standing(place, GiftCardStatus::Disabled, 5_000),
        };
        let runs = CardRuns::of(&batch(9), [0, 1, 3, 4, 5, 7, 8].map(stands)).runs;
        let runs: Vec<(u32, u32)> = runs.into_iter().map(|Run(first, last, _)| (first, last)).collect();
        assert_eq!(runs, [(0, 1), (3, 3), (4, 4), (5, 5), (7, 7), (8, 8)]);
    }

    #[test]
    fn what_is_taken_off_is_gone_and_the_rest_stays() {
        let mut runs =
            CardRuns::of(&batch(9), [0, 1, 2, 5].map(|place| standing(place, GiftCardStatus::Active, 5_000)));
        assert_eq!(numbers(&runs.take(2)), [0, 1]);
        assert!(!runs.is_empty());
        assert_eq!(numbers(&runs.take(5)), [2, 5]);
        assert!(runs.is_empty());
        assert!(runs.take(5).is_empty());
    }
}
