//! Transactions. Nothing else in the program begins one that writes.

use super::Sql;
use super::error::from_db;
use application::RepositoryError;
use application::audit::ports::SecurityLog;
use application::cart::ports::CartRepository;
use application::catalog::ports::{CategoryRepository, MaterialRepository, ProductRepository, StockRepository};
use application::gift_cards::ports::{GiftCardBatchRepository, GiftCardRepository, GiftDeliveryRepository};
use application::identity::ports::{
    AccountErasure, AddressBookRepository, ApiKeyRepository, CeremonyRepository, EmailChangeRepository,
    EmailVerificationRepository, LinkedIdentityRepository, PasskeyRepository, PasswordResetRepository,
    RecoveryCodeRepository, SessionRepository, TokenDenylist, TotpRepository, UserRepository,
};
use application::jobs::JobQueue;
use application::ledger::ports::LedgerRepository;
use application::media::ports::PictureRepository;
use application::orders::ports::OrderRepository;
use application::payments::ports::{PaymentRepository, WebhookEventRepository};
use application::payouts::ports::PayoutRepository;
use application::refunds::ports::RefundRepository;
use application::refunds::top_ups::ports::TopUpRefundRepository;
use application::unit_of_work::{Transactor, UnitOfWork};
use application::webhooks::ports::{DeliveryRepository, WebhookRepository};
use async_trait::async_trait;
use sea_orm::{DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait};

/// Begins units of work.
#[derive(Debug, Clone)]
pub struct SqlTransactor {
    writer: DatabaseConnection,
}

impl SqlTransactor {
    pub(super) const fn new(writer: DatabaseConnection) -> Self {
        Self { writer }
    }

    /// A transaction that may write from its first statement on: on SQLite a reading one that turns to writing would fail
    /// at once whenever another had written. PostgreSQL ignores the mode.
    pub(super) async fn open(&self) -> Result<Sql<DatabaseTransaction>, RepositoryError> {
        let immediate = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        Ok(Sql(self.writer.begin_with_options(immediate).await.map_err(from_db)?))
    }
}

#[async_trait]
impl Transactor for SqlTransactor {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, RepositoryError> {
        Ok(Box::new(self.open().await?))
    }
}

impl Sql<DatabaseTransaction> {
    /// Makes it all true.
    pub(super) async fn close(self) -> Result<(), RepositoryError> {
        self.0.commit().await.map_err(from_db)
    }
}

#[async_trait]
impl UnitOfWork for Sql<DatabaseTransaction> {
    fn users(&self) -> &dyn UserRepository {
        self
    }
    fn email_verifications(&self) -> &dyn EmailVerificationRepository {
        self
    }
    fn token_denylist(&self) -> &dyn TokenDenylist {
        self
    }
    fn sessions(&self) -> &dyn SessionRepository {
        self
    }
    fn ceremonies(&self) -> &dyn CeremonyRepository {
        self
    }
    fn password_resets(&self) -> &dyn PasswordResetRepository {
        self
    }
    fn linked_identities(&self) -> &dyn LinkedIdentityRepository {
        self
    }
    fn api_keys(&self) -> &dyn ApiKeyRepository {
        self
    }
    fn totp(&self) -> &dyn TotpRepository {
        self
    }
    fn recovery_codes(&self) -> &dyn RecoveryCodeRepository {
        self
    }
    fn passkeys(&self) -> &dyn PasskeyRepository {
        self
    }
    fn email_changes(&self) -> &dyn EmailChangeRepository {
        self
    }
    fn address_books(&self) -> &dyn AddressBookRepository {
        self
    }
    fn account_erasure(&self) -> &dyn AccountErasure {
        self
    }
    fn security_log(&self) -> &dyn SecurityLog {
        self
    }
    fn categories(&self) -> &dyn CategoryRepository {
        self
    }
    fn materials(&self) -> &dyn MaterialRepository {
        self
    }
    fn products(&self) -> &dyn ProductRepository {
        self
    }
    fn pictures(&self) -> &dyn PictureRepository {
        self
    }
    fn stock(&self) -> &dyn StockRepository {
        self
    }
    fn carts(&self) -> &dyn CartRepository {
        self
    }
    fn orders(&self) -> &dyn OrderRepository {
        self
    }
    fn payments(&self) -> &dyn PaymentRepository {
        self
    }
    fn refunds(&self) -> &dyn RefundRepository {
        self
    }
    fn top_up_refunds(&self) -> &dyn TopUpRefundRepository {
        self
    }
    fn payouts(&self) -> &dyn PayoutRepository {
        self
    }
    fn gift_card_batches(&self) -> &dyn GiftCardBatchRepository {
        self
    }
    fn gift_cards(&self) -> &dyn GiftCardRepository {
        self
    }
    fn gift_deliveries(&self) -> &dyn GiftDeliveryRepository {
        self
    }
    fn ledger(&self) -> &dyn LedgerRepository {
        self
    }
    fn webhook_events(&self) -> &dyn WebhookEventRepository {
        self
    }
    fn webhooks(&self) -> &dyn WebhookRepository {
        self
    }
    fn webhook_deliveries(&self) -> &dyn DeliveryRepository {
        self
    }
    fn jobs(&self) -> &dyn JobQueue {
        self
    }
    async fn commit(self: Box<Self>) -> Result<(), RepositoryError> {
        self.close().await
    }
}
