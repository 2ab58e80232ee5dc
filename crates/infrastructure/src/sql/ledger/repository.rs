//! Storing transactions of the ledger: nothing that is stored is ever changed, but for the running balances.

use super::entity::{entry, transaction};
use crate::sql::Sql;
use crate::sql::error::{corrupt, from_db};
use crate::sql::stored::position;
use application::RepositoryError;
use application::ledger::ports::{LedgerRepository, PostError};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::{Applied, Currency, GiftCardId, Money, OrderId, PaymentId, UserId};
use domain::ledger::{Account, Digest, Leg, Link, LinkLeg, Posting};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder,
};
use uuid::Uuid;

/// How often the end of a chain is looked for anew when others were faster. Subjects are locked, so one time is enough.
const TRIES: u8 = 20;

#[async_trait]
impl LedgerRepository for Sql<DatabaseTransaction> {
    async fn post(&self, posting: &Posting, now: DateTime<Utc>) -> Result<Applied, PostError> {
        let Some(transaction_id) = self.append(posting, now).await? else { return Ok(Applied::Already) };
        let mut rows = Vec::new();
        for (index, leg) in posting.legs().iter().enumerate() {
            let moved = self.move_balance(leg).await?;
            rows.push(entry::ActiveModel {
                id: Set(new_id()),
                transaction_id: Set(transaction_id),
                position: Set(position(index)),
                account: Set(leg.account.kind().name().to_owned()),
                owner_id: Set(leg.account.owner()),
                amount: Set(leg.amount.amount()),
                currency: Set(leg.amount.currency().code().to_owned()),
                account_position: Set(moved.map(|moved| moved.entries)),
                balance_after: Set(moved.map(|moved| moved.amount)),
                user_id: Set(leg.shown_to.map(UserId::uuid)),
                created_at: Set(now),
            });
        }
        entry::Entity::insert_many(rows).exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(Applied::Now(()))
    }

    async fn lock_balance(&self, account: Account, currency: Currency) -> Result<Money, RepositoryError> {
        self.own_balance(account, currency).await
    }
}

impl Sql<DatabaseTransaction> {
    /// Adds a transaction to the end of its chain; `None` when its reference is known. Whoever comes second for a reference
    /// or a place waits until the first has committed, and then finds no room: the unique keys decide.
    async fn append(&self, posting: &Posting, now: DateTime<Utc>) -> Result<Option<Uuid>, RepositoryError> {
        let chain = posting.subject().to_string();
        for _ in 0..TRIES {
            let row = self.next_of(&chain, posting, now).await?;
            let id = row.id;
            let taken = OnConflict::new().do_nothing().to_owned();
            let insert = transaction::Entity::insert(row.into_active_model()).on_conflict(taken);
            if insert.exec_without_returning(&self.0).await.map_err(from_db)? == 1 {
                return Ok(Some(id));
            }
            let known = transaction::Entity::find().filter(transaction::Column::Reference.eq(posting.reference()));
            if known.count(&self.0).await.map_err(from_db)? > 0 {
                return Ok(None);
            }
        }
        Err(RepositoryError::Contention)
    }

    /// The row of a transaction after the one that is now the last of its chain.
    async fn next_of(
        &self,
        chain: &str,
        posting: &Posting,
        now: DateTime<Utc>,
    ) -> Result<transaction::Model, RepositoryError> {
        let of_chain = transaction::Entity::find().filter(transaction::Column::Chain.eq(chain));
        let last = of_chain.order_by_desc(transaction::Column::Position).one(&self.0).await.map_err(from_db)?;
        let digest_of = |row: &transaction::Model| row.digest.as_slice().try_into().map(Digest);
        let before = last.as_ref().map(digest_of).transpose().map_err(|_| corrupt("digest of a transaction"))?;
        let about = posting.about();
        let link = Link {
            chain,
            position: last.map_or(0, |row| row.position).saturating_add(1),
            id: new_id(),
            kind: posting.kind().name(),
            reference: posting.reference(),
            order: about.order.map(OrderId::uuid),
            payment: about.payment.map(PaymentId::uuid),
            gift_card: about.gift_card.map(GiftCardId::uuid),
            created_at: now,
        };
        let digest = Digest::of(before.as_ref(), &link, posting.legs().iter().map(link_leg));
        Ok(transaction::Model {
            id: link.id,
            chain: chain.to_owned(),
            position: link.position,
            kind: link.kind.to_owned(),
            reference: link.reference.to_owned(),
            order_id: link.order,
            payment_id: link.payment,
            gift_card_id: link.gift_card,
            created_at: now,
            digest: digest.0.to_vec(),
        })
    }
}

fn link_leg(leg: &Leg) -> LinkLeg<'static> {
    LinkLeg {
        account: leg.account.kind().name(),
        owner: leg.account.owner(),
        amount: leg.amount.amount(),
        currency: leg.amount.currency().code(),
        shown_to: leg.shown_to.map(UserId::uuid),
    }
}

#[expect(clippy::disallowed_methods, reason = "the id of a row that no rule depends on")]
fn new_id() -> Uuid {
    Uuid::now_v7()
}
