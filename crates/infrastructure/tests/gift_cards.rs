//! The contract of gift cards, on both databases.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says what it expects by failing")]

use application::gift_cards::ports::{CardFilter, CardWithBalance, GiftCardQueries};
use application::{RepositoryError, UniqueKey};
use domain::gift_cards::{GiftCard, GiftCardStatus, NewGiftCard};
use domain::kernel::{Applied, Currency, EmailAddress, GiftCardId, Limit, Money, PageRequest, UserId};
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
            let filter = CardFilter { status: Some(status), text: None };
            assert_eq!(listed(&db, filter).await, [card.id], "{status:?}");
            let found = db.queries().find_card(card.id).await.unwrap().unwrap();
            assert_eq!(found.card.status(found.balance, noon()), status, "the rule and the query agree");
        }
        let with = |text: &str| CardFilter { status: None, text: Some(text.to_owned()) };
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
}
