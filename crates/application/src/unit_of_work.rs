//! The transaction port: everything that a use case changes, it changes through one [`UnitOfWork`].

use crate::audit::ports::SecurityLog;
use crate::cart::ports::CartRepository;
use crate::catalog::ports::{CategoryRepository, MaterialRepository, ProductRepository, StockRepository};
use crate::gift_cards::ports::{GiftCardBatchRepository, GiftCardRepository, GiftDeliveryRepository};
use crate::identity::ports::{
    AccountErasure, AddressBookRepository, ApiKeyRepository, CeremonyRepository, EmailChangeRepository,
    EmailVerificationRepository, LinkedIdentityRepository, PasskeyRepository, PasswordResetRepository,
    RecoveryCodeRepository, SessionRepository, TokenDenylist, TotpRepository, UserRepository,
};
use crate::jobs::JobQueue;
use crate::ledger::ports::LedgerRepository;
use crate::media::ports::PictureRepository;
use crate::orders::ports::OrderRepository;
use crate::payments::ports::{PaymentRepository, WebhookEventRepository};
use crate::payouts::ports::PayoutRepository;
use crate::refunds::ports::RefundRepository;
use crate::refunds::top_ups::ports::TopUpRefundRepository;
use crate::repository_error::RepositoryError;
use crate::webhooks::ports::{DeliveryRepository, WebhookRepository};
use async_trait::async_trait;

/// Begins units of work.
#[async_trait]
pub trait Transactor: Send + Sync {
    /// Begins one. On SQLite the whole process has one writer, and callers queue for it.
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, RepositoryError>;
}

/// All repositories of one transaction. Dropping it rolls back.
///
/// `lock` and `lock_*` keep the row from others until the end. Rows are locked in one order everywhere, so that nobody
/// waits in a circle: user, categories or materials, cart, order, payment, refund, stock by variant id, batches of gift cards, gift cards by id, their
/// deliveries, then the ledger's accounts in their order. Whoever moves what is on a gift card has locked the card; so a customer's
/// balance may be locked right after the cards.
/// By themselves: a webhook before its deliveries.
#[async_trait]
pub trait UnitOfWork: Send + Sync {
    /// People.
    fn users(&self) -> &dyn UserRepository;
    /// Their open proofs of address.
    fn email_verifications(&self) -> &dyn EmailVerificationRepository;
    /// Tokens that are refused.
    fn token_denylist(&self) -> &dyn TokenDenylist;
    /// Sessions.
    fn sessions(&self) -> &dyn SessionRepository;
    /// What was begun and is to be finished soon.
    fn ceremonies(&self) -> &dyn CeremonyRepository;
    /// Open password resets.
    fn password_resets(&self) -> &dyn PasswordResetRepository;
    /// Whose identities elsewhere are.
    fn linked_identities(&self) -> &dyn LinkedIdentityRepository;
    /// API keys.
    fn api_keys(&self) -> &dyn ApiKeyRepository;
    /// Authenticator apps.
    fn totp(&self) -> &dyn TotpRepository;
    /// Recovery codes.
    fn recovery_codes(&self) -> &dyn RecoveryCodeRepository;
    /// Passkeys.
    fn passkeys(&self) -> &dyn PasskeyRepository;
    /// Open changes of address.
    fn email_changes(&self) -> &dyn EmailChangeRepository;
    /// Address books.
    fn address_books(&self) -> &dyn AddressBookRepository;
    /// What is removed with an account.
    fn account_erasure(&self) -> &dyn AccountErasure;
    /// The security log.
    fn security_log(&self) -> &dyn SecurityLog;
    /// Categories.
    fn categories(&self) -> &dyn CategoryRepository;
    /// Materials.
    fn materials(&self) -> &dyn MaterialRepository;
    /// Products.
    fn products(&self) -> &dyn ProductRepository;
    /// Their pictures.
    fn pictures(&self) -> &dyn PictureRepository;
    /// Their stock.
    fn stock(&self) -> &dyn StockRepository;
    /// Carts.
    fn carts(&self) -> &dyn CartRepository;
    /// Orders.
    fn orders(&self) -> &dyn OrderRepository;
    /// Attempts to pay.
    fn payments(&self) -> &dyn PaymentRepository;
    /// Money that went back.
    fn refunds(&self) -> &dyn RefundRepository;
    /// And went back of what was paid into balances.
    fn top_up_refunds(&self) -> &dyn TopUpRefundRepository;
    /// Money that sellers were sent.
    fn payouts(&self) -> &dyn PayoutRepository;
    /// Batches of gift cards.
    fn gift_card_batches(&self) -> &dyn GiftCardBatchRepository;
    /// Gift cards.
    fn gift_cards(&self) -> &dyn GiftCardRepository;
    /// Their deliveries.
    fn gift_deliveries(&self) -> &dyn GiftDeliveryRepository;
    /// Where money is.
    fn ledger(&self) -> &dyn LedgerRepository;
    /// What gateways told us.
    fn webhook_events(&self) -> &dyn WebhookEventRepository;
    /// Where merchants are told of events.
    fn webhooks(&self) -> &dyn WebhookRepository;
    /// Events on their way there.
    fn webhook_deliveries(&self) -> &dyn DeliveryRepository;
    /// What is to be done after the commit.
    fn jobs(&self) -> &dyn JobQueue;
    /// Makes it all true.
    async fn commit(self: Box<Self>) -> Result<(), RepositoryError>;
}

/// A double of a whole unit of work: one mockall double a repository, and a count of commits.
#[cfg(any(test, feature = "mock"))]
pub mod double {
    use super::{
        AccountErasure, AddressBookRepository, ApiKeyRepository, CartRepository, CategoryRepository,
        CeremonyRepository, DeliveryRepository, EmailChangeRepository, EmailVerificationRepository,
        GiftCardBatchRepository, GiftCardRepository, GiftDeliveryRepository, JobQueue, LedgerRepository,
        LinkedIdentityRepository, MaterialRepository, OrderRepository, PasskeyRepository, PasswordResetRepository,
        PaymentRepository, PayoutRepository, PictureRepository, ProductRepository, RecoveryCodeRepository,
        RefundRepository, RepositoryError, SecurityLog, SessionRepository, StockRepository, TokenDenylist,
        TopUpRefundRepository, TotpRepository, Transactor, UnitOfWork, UserRepository, WebhookEventRepository,
        WebhookRepository, async_trait,
    };
    use crate::audit::ports::MockSecurityLog;
    use crate::cart::ports::MockCartRepository;
    use crate::catalog::ports::{
        MockCategoryRepository, MockMaterialRepository, MockProductRepository, MockStockRepository,
    };
    use crate::gift_cards::ports::{MockGiftCardBatchRepository, MockGiftCardRepository, MockGiftDeliveryRepository};
    use crate::identity::ports::{
        MockAccountErasure, MockAddressBookRepository, MockApiKeyRepository, MockCeremonyRepository,
        MockEmailChangeRepository, MockEmailVerificationRepository, MockLinkedIdentityRepository,
        MockPasskeyRepository, MockPasswordResetRepository, MockRecoveryCodeRepository, MockSessionRepository,
        MockTokenDenylist, MockTotpRepository, MockUserRepository,
    };
    use crate::jobs::MockJobQueue;
    use crate::ledger::ports::MockLedgerRepository;
    use crate::media::ports::MockPictureRepository;
    use crate::orders::ports::MockOrderRepository;
    use crate::payments::ports::{MockPaymentRepository, MockWebhookEventRepository};
    use crate::payouts::ports::MockPayoutRepository;
    use crate::refunds::ports::MockRefundRepository;
    use crate::refunds::top_ups::ports::MockTopUpRefundRepository;
    use crate::webhooks::ports::{MockDeliveryRepository, MockWebhookRepository};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, Mutex};

    /// A unit of work whose repositories expect what a test says.
    #[derive(Default)]
    pub struct UnitOfWorkDouble {
        pub users: MockUserRepository,
        pub email_verifications: MockEmailVerificationRepository,
        pub token_denylist: MockTokenDenylist,
        pub sessions: MockSessionRepository,
        pub ceremonies: MockCeremonyRepository,
        pub password_resets: MockPasswordResetRepository,
        pub linked_identities: MockLinkedIdentityRepository,
        pub api_keys: MockApiKeyRepository,
        pub totp: MockTotpRepository,
        pub recovery_codes: MockRecoveryCodeRepository,
        pub passkeys: MockPasskeyRepository,
        pub email_changes: MockEmailChangeRepository,
        pub address_books: MockAddressBookRepository,
        pub account_erasure: MockAccountErasure,
        pub security_log: MockSecurityLog,
        pub categories: MockCategoryRepository,
        pub materials: MockMaterialRepository,
        pub products: MockProductRepository,
        pub pictures: MockPictureRepository,
        pub stock: MockStockRepository,
        pub carts: MockCartRepository,
        pub orders: MockOrderRepository,
        pub payments: MockPaymentRepository,
        pub refunds: MockRefundRepository,
        pub top_up_refunds: MockTopUpRefundRepository,
        pub payouts: MockPayoutRepository,
        pub gift_card_batches: MockGiftCardBatchRepository,
        pub gift_cards: MockGiftCardRepository,
        pub gift_deliveries: MockGiftDeliveryRepository,
        pub ledger: MockLedgerRepository,
        pub webhook_events: MockWebhookEventRepository,
        pub webhooks: MockWebhookRepository,
        pub webhook_deliveries: MockDeliveryRepository,
        pub jobs: MockJobQueue,
        commits: Arc<AtomicUsize>,
    }

    #[async_trait]
    impl UnitOfWork for UnitOfWorkDouble {
        fn users(&self) -> &dyn UserRepository {
            &self.users
        }
        fn email_verifications(&self) -> &dyn EmailVerificationRepository {
            &self.email_verifications
        }
        fn token_denylist(&self) -> &dyn TokenDenylist {
            &self.token_denylist
        }
        fn sessions(&self) -> &dyn SessionRepository {
            &self.sessions
        }
        fn ceremonies(&self) -> &dyn CeremonyRepository {
            &self.ceremonies
        }
        fn password_resets(&self) -> &dyn PasswordResetRepository {
            &self.password_resets
        }
        fn linked_identities(&self) -> &dyn LinkedIdentityRepository {
            &self.linked_identities
        }
        fn api_keys(&self) -> &dyn ApiKeyRepository {
            &self.api_keys
        }
        fn totp(&self) -> &dyn TotpRepository {
            &self.totp
        }
        fn recovery_codes(&self) -> &dyn RecoveryCodeRepository {
            &self.recovery_codes
        }
        fn passkeys(&self) -> &dyn PasskeyRepository {
            &self.passkeys
        }
        fn email_changes(&self) -> &dyn EmailChangeRepository {
            &self.email_changes
        }
        fn address_books(&self) -> &dyn AddressBookRepository {
            &self.address_books
        }
        fn account_erasure(&self) -> &dyn AccountErasure {
            &self.account_erasure
        }
        fn security_log(&self) -> &dyn SecurityLog {
            &self.security_log
        }
        fn categories(&self) -> &dyn CategoryRepository {
            &self.categories
        }
        fn materials(&self) -> &dyn MaterialRepository {
            &self.materials
        }
        fn products(&self) -> &dyn ProductRepository {
            &self.products
        }
        fn pictures(&self) -> &dyn PictureRepository {
            &self.pictures
        }
        fn stock(&self) -> &dyn StockRepository {
            &self.stock
        }
        fn carts(&self) -> &dyn CartRepository {
            &self.carts
        }
        fn orders(&self) -> &dyn OrderRepository {
            &self.orders
        }
        fn payments(&self) -> &dyn PaymentRepository {
            &self.payments
        }
        fn refunds(&self) -> &dyn RefundRepository {
            &self.refunds
        }
        fn top_up_refunds(&self) -> &dyn TopUpRefundRepository {
            &self.top_up_refunds
        }
        fn payouts(&self) -> &dyn PayoutRepository {
            &self.payouts
        }
        fn gift_card_batches(&self) -> &dyn GiftCardBatchRepository {
            &self.gift_card_batches
        }
        fn gift_cards(&self) -> &dyn GiftCardRepository {
            &self.gift_cards
        }
        fn gift_deliveries(&self) -> &dyn GiftDeliveryRepository {
            &self.gift_deliveries
        }
        fn ledger(&self) -> &dyn LedgerRepository {
            &self.ledger
        }
        fn webhook_events(&self) -> &dyn WebhookEventRepository {
            &self.webhook_events
        }
        fn webhooks(&self) -> &dyn WebhookRepository {
            &self.webhooks
        }
        fn webhook_deliveries(&self) -> &dyn DeliveryRepository {
            &self.webhook_deliveries
        }
        fn jobs(&self) -> &dyn JobQueue {
            &self.jobs
        }
        async fn commit(self: Box<Self>) -> Result<(), RepositoryError> {
            self.commits.fetch_add(1, Ordering::SeqCst);
            Ok(())
        }
    }

    /// Hands out prepared units of work in their order; beginning one more than was prepared fails as a database away.
    pub struct TransactorDouble {
        units: Mutex<Vec<UnitOfWorkDouble>>,
        commits: Arc<AtomicUsize>,
    }

    impl TransactorDouble {
        /// Will hand out these.
        #[must_use]
        pub fn new(units: impl IntoIterator<Item = UnitOfWorkDouble>) -> Arc<Self> {
            let commits = Arc::new(AtomicUsize::new(0));
            let mut units: Vec<_> = units.into_iter().collect();
            units.iter_mut().for_each(|unit| unit.commits = Arc::clone(&commits));
            units.reverse();
            Arc::new(Self { units: Mutex::new(units), commits })
        }

        /// How many of them were committed.
        #[must_use]
        pub fn commits(&self) -> usize {
            self.commits.load(Ordering::SeqCst)
        }
    }

    #[async_trait]
    impl Transactor for TransactorDouble {
        async fn begin(&self) -> Result<Box<dyn UnitOfWork>, RepositoryError> {
            let unit = self.units.lock().map_err(|_| RepositoryError::Contention)?.pop();
            unit.map(|unit| Box::new(unit) as Box<dyn UnitOfWork>)
                .ok_or_else(|| RepositoryError::unavailable("no further unit of work was prepared"))
        }
    }
}
