//! Units of work in which beginning and committing are points, too.

use super::{Fault, Points};
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
use infrastructure::sql::SqlTransactor;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Begins and commits as the points say.
pub(super) struct Brittle<T> {
    inner: T,
    points: Arc<Points>,
    open: Option<Open>,
}

impl Brittle<SqlTransactor> {
    pub(super) const fn over(inner: SqlTransactor, points: Arc<Points>) -> Self {
        Self { inner, points, open: None }
    }
}

/// While a transaction has the connection.
struct Open(Arc<Points>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.store(false, Ordering::SeqCst);
    }
}

#[async_trait]
impl Transactor for Brittle<SqlTransactor> {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, RepositoryError> {
        let points = Arc::clone(&self.points);
        points.refuses()?;
        let begun = self.inner.begin().await;
        let open = begun.is_ok().then(|| Open(Arc::clone(&points)));
        points.open.store(open.is_some(), Ordering::SeqCst);
        let inner = points.note(begun)?;
        Ok(Box::new(Brittle { inner, points, open }))
    }
}

macro_rules! repositories {
    ($($name:ident: $port:ident,)+) => {
        #[async_trait]
        impl UnitOfWork for Brittle<Box<dyn UnitOfWork>> {
            $(fn $name(&self) -> &dyn $port {
                self.inner.$name()
            })+

            async fn commit(self: Box<Self>) -> Result<(), RepositoryError> {
                let Self { inner, points, open } = *self;
                points.refuses()?;
                let committed = inner.commit().await;
                drop(open);
                points.note(committed)?;
                let nth = points.commits.fetch_add(1, Ordering::SeqCst) + 1;
                if points.strikes(Fault::CommitIsSilent, nth) {
                    return Err(RepositoryError::unavailable("silence"));
                }
                Ok(())
            }
        }
    };
}

repositories! {
    users: UserRepository,
    email_verifications: EmailVerificationRepository,
    token_denylist: TokenDenylist,
    sessions: SessionRepository,
    ceremonies: CeremonyRepository,
    password_resets: PasswordResetRepository,
    linked_identities: LinkedIdentityRepository,
    api_keys: ApiKeyRepository,
    totp: TotpRepository,
    recovery_codes: RecoveryCodeRepository,
    passkeys: PasskeyRepository,
    email_changes: EmailChangeRepository,
    address_books: AddressBookRepository,
    account_erasure: AccountErasure,
    security_log: SecurityLog,
    categories: CategoryRepository,
    materials: MaterialRepository,
    products: ProductRepository,
    pictures: PictureRepository,
    stock: StockRepository,
    carts: CartRepository,
    orders: OrderRepository,
    payments: PaymentRepository,
    refunds: RefundRepository,
    top_up_refunds: TopUpRefundRepository,
    payouts: PayoutRepository,
    gift_card_batches: GiftCardBatchRepository,
    gift_cards: GiftCardRepository,
    gift_deliveries: GiftDeliveryRepository,
    ledger: LedgerRepository,
    webhook_events: WebhookEventRepository,
    webhooks: WebhookRepository,
    webhook_deliveries: DeliveryRepository,
    jobs: JobQueue,
}
