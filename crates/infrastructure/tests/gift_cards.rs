//! The contract of gift cards, on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

use application::gift_cards::ports::{
    CardFilter, CardWithBalance, GiftCardBatchQueries, GiftCardQueries, GiftDeliveryQueries,
};
use application::{RepositoryError, UniqueKey};
use domain::gift_cards::{
    Delivery, GiftCard, GiftCardBatch, GiftCardStatus, NewGiftCard, NewGiftCardBatch, SealedSeed,
};
use domain::kernel::{
    Applied, Currency, EmailAddress, Gift, GiftCardBatchId, GiftCardId, Limit, Money, PageRequest, UserId,
};
use domain::ledger::movements::{GiftCardIssued, GiftCardRedeemed};
use testkit::builders::{a_user, cents, id, noon, seconds};
use testkit::{TestDb, both_databases};

async fn an_admin(db: &TestDb) -> UserId {
    let user = a_user();
    let tx = db.begin().await;
    tx.users().insert(&user).await.unwrap();
    tx.commit().await.unwrap();
    user.id
}

fn a_card(admin: UserId, value: Money, after: i64) -> GiftCard {
    let card = GiftCardId::new(id());
    let new = NewGiftCard {
        id: card,
        code_digest: format!("digest of {card}"),
        last4: "YZ01".to_owned(),
        value,
        issued_by: admin,
        recipient_email: Some(EmailAddress::parse("friend@example.com").unwrap()),
        expires_at: Some(seconds(1_000_000)),
    };
    GiftCard::issue(new, seconds(after)).unwrap()
}

async fn issued(db: &TestDb, card: GiftCard) -> GiftCard {
    let tx = db.begin().await;
    tx.gift_cards().insert(&card).await.unwrap();
    let posting = GiftCardIssued { gift_card: card.id, value: card.value }.posting().unwrap();
    assert_eq!(tx.ledger().post(&posting, card.created_at).await.unwrap(), Applied::Now(()));
    tx.commit().await.unwrap();
    card
}

/// All that is left goes into the admin's own balance.
async fn redeemed(db: &TestDb, mut card: GiftCard) -> GiftCard {
    let tx = db.begin().await;
    let user = card.issued_by;
    let value = card.redeem(user, card.value, noon()).unwrap();
    tx.gift_cards().update(&card).await.unwrap();
    let posting = GiftCardRedeemed { gift_card: card.id, user, value }.posting().unwrap();
    tx.ledger().post(&posting, noon()).await.unwrap();
    tx.commit().await.unwrap();
    card
}

async fn listed(db: &TestDb, filter: CardFilter) -> Vec<GiftCardId> {
    let page = db.queries().list_cards(&filter, &PageRequest::default(), noon()).await.unwrap();
    page.data.iter().map(|found| found.card.id).collect()
}

fn a_batch(admin: UserId, quantity: u32, after: i64) -> GiftCardBatch {
    let new = NewGiftCardBatch {
        id: GiftCardBatchId::new(id()),
        value: cents(5_000),
        quantity,
        expires_at: Some(seconds(1_000_000)),
        note: Some("For the fair".to_owned()),
        issued_by: admin,
        seed: SealedSeed::new("sealed".to_owned()),
    };
    GiftCardBatch::order(new, seconds(after)).unwrap()
}

/// Stores a batch with these cards.
async fn batched(db: &TestDb, batch: &GiftCardBatch, cards: &[&GiftCard]) {
    let tx = db.begin().await;
    tx.gift_card_batches().insert(batch).await.unwrap();
    let places: Vec<_> = (0..).zip(cards.iter().map(|card| card.id)).collect();
    tx.gift_card_batches().put_cards(batch.id, &places).await.unwrap();
    tx.commit().await.unwrap();
}

both_databases! {
    async fn a_card_is_read_as_it_was_written_with_what_is_left_on_it(db: TestDb) {
        let card = issued(&db, a_card(an_admin(&db).await, cents(5_000), 0)).await;
        let found = Some(CardWithBalance { card: card.clone(), balance: cents(5_000) });
        assert_eq!(db.queries().find_card(card.id).await.unwrap(), found);
        assert_eq!(db.queries().find_card_by_digest(&card.code_digest).await.unwrap(), found);
        let tx = db.begin().await;
        assert_eq!(tx.gift_cards().lock(card.id).await.unwrap(), found);
        assert_eq!(tx.gift_cards().lock_by_digest(&card.code_digest).await.unwrap(), found);
        drop(tx);
        let card = redeemed(&db, card).await;
        let found = Some(CardWithBalance { card: card.clone(), balance: cents(0) });
        assert_eq!(db.queries().find_card(card.id).await.unwrap(), found);
        assert_eq!(db.queries().find_card(GiftCardId::new(id())).await.unwrap(), None);
        assert_eq!(db.queries().find_card_by_digest("another").await.unwrap(), None);
        db.assert_ledger_is_sound().await;
    }

    async fn several_cards_are_locked_at_once_with_what_is_left_on_each(db: TestDb) {
        let admin = an_admin(&db).await;
        let one = issued(&db, a_card(admin, cents(100), 0)).await;
        let two = issued(&db, a_card(admin, cents(200), 0)).await;
        issued(&db, a_card(admin, cents(300), 0)).await;
        let ids = |found: Vec<CardWithBalance>| -> Vec<_> {
            found.into_iter().map(|found| (found.card.id, found.balance)).collect()
        };
        let expected = [(one.id, cents(100)), (two.id, cents(200))];
        let tx = db.begin().await;
        let found = tx.gift_cards().lock_all(&[two.id, GiftCardId::new(id()), one.id]).await.unwrap();
        assert_eq!(ids(found), expected);
        let digests = [two.code_digest, "another".to_owned(), one.code_digest.clone(), one.code_digest];
        assert_eq!(ids(tx.gift_cards().lock_all_by_digest(&digests).await.unwrap()), expected);
        assert!(tx.gift_cards().lock_all_by_digest(&[]).await.unwrap().is_empty());
    }

    async fn a_card_is_taken_back_once_and_only_while_all_its_value_is_on_it(db: TestDb) {
        let admin = an_admin(&db).await;
        let whole = issued(&db, a_card(admin, cents(5_000), 1)).await;
        let used = redeemed(&db, issued(&db, a_card(admin, cents(5_000), 2)).await).await;
        let empty = a_card(admin, cents(5_000), 3);
        let tx = db.begin().await;
        tx.gift_cards().insert(&empty).await.unwrap();
        for (card, expected) in [(&whole, true), (&whole, false), (&used, false), (&empty, false)] {
            tx.gift_cards().lock(card.id).await.unwrap();
            assert_eq!(tx.gift_cards().void(card.id, noon()).await.unwrap(), expected);
        }
        tx.commit().await.unwrap();
        let found = db.queries().find_card(whole.id).await.unwrap().unwrap();
        assert_eq!((found.card.voided_at, found.card.updated_at), (Some(noon()), noon()));
        let disabled = CardFilter { status: Some(GiftCardStatus::Disabled), ..CardFilter::default() };
        assert_eq!(listed(&db, disabled).await, [whole.id]);
        for status in [GiftCardStatus::Active, GiftCardStatus::Expired] {
            let others = CardFilter { status: Some(status), ..CardFilter::default() };
            assert!(!listed(&db, others).await.contains(&whole.id), "{status:?}");
        }
    }

    async fn no_two_cards_have_one_code(db: TestDb) {
        let admin = an_admin(&db).await;
        let card = issued(&db, a_card(admin, cents(100), 0)).await;
        let twin = GiftCard { code_digest: card.code_digest, ..a_card(admin, cents(100), 0) };
        let tx = db.begin().await;
        let refused = tx.gift_cards().insert(&twin).await.unwrap_err();
        assert!(matches!(refused, RepositoryError::Conflict(UniqueKey::Other)), "{refused:?}");
    }

    async fn cards_are_found_by_how_they_stand_and_by_words(db: TestDb) {
        let admin = an_admin(&db).await;
        let active = issued(&db, a_card(admin, cents(100), 4)).await;
        let used = redeemed(&db, issued(&db, a_card(admin, cents(100), 3)).await).await;
        let over = GiftCard { expires_at: Some(noon()), recipient_email: None, ..a_card(admin, cents(100), 2) };
        let over = issued(&db, over).await;
        let mut disabled = GiftCard { last4: "7KX2".to_owned(), expires_at: None, ..a_card(admin, cents(100), 1) };
        disabled.disable(seconds(1));
        let disabled = issued(&db, disabled).await;
        for (status, card) in [
            (GiftCardStatus::Active, &active),
            (GiftCardStatus::Redeemed, &used),
            (GiftCardStatus::Expired, &over),
            (GiftCardStatus::Disabled, &disabled),
        ] {
            let filter = CardFilter { status: Some(status), ..CardFilter::default() };
            assert_eq!(listed(&db, filter).await, [card.id], "{status:?}");
            let found = db.queries().find_card(card.id).await.unwrap().unwrap();
            assert_eq!(found.card.status(found.balance, noon()), status, "the rule and the query agree");
        }
        let with = |text: &str| CardFilter { text: Some(text.to_owned()), ..CardFilter::default() };
        assert_eq!(listed(&db, with("7kx2")).await, [disabled.id]);
        assert_eq!(listed(&db, with("FRIEND@")).await, [active.id, used.id, disabled.id]);
        assert_eq!(listed(&db, with("%")).await, []);
        assert_eq!(listed(&db, CardFilter::default()).await, [active.id, used.id, over.id, disabled.id]);
        let first = PageRequest { limit: Limit::new(3).unwrap(), ..PageRequest::default() };
        let page = db.queries().list_cards(&CardFilter::default(), &first, noon()).await.unwrap();
        let next = PageRequest { after: page.next, ..first };
        let rest = db.queries().list_cards(&CardFilter::default(), &next, noon()).await.unwrap();
        assert_eq!(rest.data.iter().map(|found| found.card.id).collect::<Vec<_>>(), [disabled.id]);
        assert_eq!(rest.next, None);
    }

    async fn what_the_shop_owes_is_what_is_left_in_each_currency(db: TestDb) {
        let admin = an_admin(&db).await;
        issued(&db, a_card(admin, cents(100), 0)).await;
        issued(&db, a_card(admin, cents(200), 0)).await;
        redeemed(&db, issued(&db, a_card(admin, cents(400), 0)).await).await;
        let yen = Currency::parse("JPY").unwrap();
        issued(&db, a_card(admin, Money::new(7, yen), 0)).await;
        let owed = db.queries().liabilities().await.unwrap();
        let told: Vec<_> = owed.iter().map(|one| (one.cards, one.outstanding)).collect();
        assert_eq!(told, [(2, cents(300)), (1, Money::new(7, yen))]);
    }

    async fn a_batch_is_read_as_it_was_written(db: TestDb) {
        let admin = an_admin(&db).await;
        let mut batch = a_batch(admin, 3, 0);
        batched(&db, &batch, &[]).await;
        assert_eq!(db.queries().find_batch(batch.id).await.unwrap().as_ref(), Some(&batch));
        batch.issue_next(3, seconds(1));
        let seed = batch.tell_codes(admin, seconds(2)).unwrap();
        batch.disable(seconds(3));
        let tx = db.begin().await;
        assert!(tx.gift_card_batches().lock(batch.id).await.unwrap().unwrap().seed == Some(seed));
        tx.gift_card_batches().update(&batch).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(db.queries().find_batch(batch.id).await.unwrap().as_ref(), Some(&batch));
        assert_eq!(db.number("SELECT COUNT(*) FROM gift_card_batches WHERE seed IS NOT NULL").await, 0);
        let lapsed = {
            let mut lapsed = a_batch(admin, 1, 5);
            lapsed.issue_next(1, seconds(5));
            lapsed.lapse(seconds(5) + GiftCardBatch::CODES_WAIT);
            lapsed
        };
        batched(&db, &lapsed, &[]).await;
        let first = PageRequest { limit: Limit::new(1).unwrap(), ..PageRequest::default() };
        let page = db.queries().list_batches(&first).await.unwrap();
        assert_eq!(page.data, [lapsed]);
        let rest = db.queries().list_batches(&PageRequest { after: page.next, ..first }).await.unwrap();
        assert_eq!((rest.data, rest.next), (vec![batch], None));
        assert_eq!(db.queries().find_batch(GiftCardBatchId::new(id())).await.unwrap(), None);
    }

    async fn codes_that_were_told_keep_no_seed_whatever_the_program_does(db: TestDb) {
        let admin = an_admin(&db).await;
        let mut batch = a_batch(admin, 1, 0);
        batch.issue_next(1, noon());
        batch.tell_codes(admin, noon()).unwrap();
        batch.seed = Some(SealedSeed::new("sealed".to_owned()));
        let tx = db.begin().await;
        tx.gift_card_batches().insert(&batch).await.unwrap_err();
    }

    async fn a_place_in_a_batch_has_one_card_and_a_card_one_place(db: TestDb) {
        let admin = an_admin(&db).await;
        let batch = a_batch(admin, 3, 0);
        let [one, other] = [issued(&db, a_card(admin, cents(100), 0)).await, issued(&db, a_card(admin, cents(100), 0)).await];
        batched(&db, &batch, &[&one]).await;
        for (place, card) in [(0, other.id), (1, one.id)] {
            let tx = db.begin().await;
            let refused = tx.gift_card_batches().put_cards(batch.id, &[(place, card)]).await.unwrap_err();
            assert!(matches!(refused, RepositoryError::Conflict(UniqueKey::Other)), "{refused:?}");
        }
        let tx = db.begin().await;
        let cards = tx.gift_card_batches().cards(batch.id).await.unwrap();
        assert_eq!(cards.iter().map(|card| (card.id, card.code_digest.clone())).collect::<Vec<_>>(), [(one.id, one.code_digest)]);
    }

    async fn a_whole_batch_is_disabled_but_for_what_was_and_enabled_but_for_that(db: TestDb) {
        let admin = an_admin(&db).await;
        let [one, other, stranger] = [
            issued(&db, a_card(admin, cents(100), 0)).await,
            issued(&db, GiftCard { disabled_at: Some(seconds(1)), ..a_card(admin, cents(100), 0) }).await,
            issued(&db, a_card(admin, cents(100), 0)).await,
        ];
        let batch = a_batch(admin, 2, 0);
        batched(&db, &batch, &[&one, &other]).await;
        let disabled = async || {
            let mut found = Vec::new();
            for card in [&one, &other, &stranger] {
                found.push(db.queries().find_card(card.id).await.unwrap().unwrap().card.disabled_at);
            }
            found
        };
        let tx = db.begin().await;
        let changed = tx.gift_card_batches().disable_cards(batch.id, seconds(2)).await.unwrap();
        let [placed] = changed.as_slice() else { panic!("{changed:?}") };
        assert_eq!((placed.place, placed.card.id, placed.balance), (0, one.id, cents(100)));
        assert_eq!(placed.card.disabled_at, Some(seconds(2)));
        let second = tx.gift_card_batches().lock_cards(batch.id, 1..9).await.unwrap();
        assert_eq!(second.iter().map(|placed| (placed.place, placed.card.id)).collect::<Vec<_>>(), [(1, other.id)]);
        let ids = tx.gift_card_batches().ids_in(batch.id, &[1, 7]).await.unwrap();
        assert_eq!(ids, [(1, other.id)]);
        tx.commit().await.unwrap();
        assert_eq!(disabled().await, [Some(seconds(2)), Some(seconds(1)), None]);
        let of_batch = CardFilter { batch: Some(batch.id), ..CardFilter::default() };
        assert_eq!(listed(&db, of_batch).await.len(), 2);
        let tx = db.begin().await;
        let changed = tx.gift_card_batches().enable_cards(batch.id, seconds(2), seconds(3)).await.unwrap();
        assert_eq!(changed.iter().map(|placed| (placed.place, placed.card.disabled_at)).collect::<Vec<_>>(), [(0, None)]);
        tx.commit().await.unwrap();
        assert_eq!(disabled().await, [None, Some(seconds(1)), None]);
    }

    async fn a_delivery_is_read_as_it_was_written_and_its_seed_goes_when_it_is_sent(db: TestDb) {
        let card = issued(&db, a_card(an_admin(&db).await, cents(5_000), 0)).await;
        let gift = Gift {
            recipient_email: EmailAddress::parse("grace@example.com").unwrap(),
            recipient_name: Some("Grace".to_owned()),
            sender_name: None,
            message: Some("Merry\nChristmas".to_owned()),
            deliver_on: Some("2027-12-24".parse().unwrap()),
        };
        let mut delivery = Delivery::plan(card.id, gift, SealedSeed::new("sealed".to_owned()), None, noon());
        let tx = db.begin().await;
        tx.gift_deliveries().insert(&delivery).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(db.queries().find_delivery(card.id).await.unwrap().as_ref(), Some(&delivery));
        let seed = delivery.begin(1, delivery.send_at).unwrap();
        let tx = db.begin().await;
        assert_eq!(tx.gift_deliveries().lock(card.id).await.unwrap().unwrap().seed, Some(seed.clone()));
        delivery.sent(1, noon());
        tx.gift_deliveries().update(&delivery).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(db.queries().find_delivery(card.id).await.unwrap().as_ref(), Some(&delivery));
        let tx = db.begin().await;
        let kept = Delivery { seed: Some(seed), ..delivery };
        tx.gift_deliveries().update(&kept).await.unwrap_err();
        assert_eq!(db.queries().find_delivery(GiftCardId::new(id())).await.unwrap(), None);
    }
}
