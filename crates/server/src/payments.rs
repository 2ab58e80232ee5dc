//! Who takes the payments: Stripe where its keys are set, else the sandbox with its page and its calls to the webhook; and the
//! use cases of paying.

use crate::config::{Settings, Stripe};
use crate::shop::Shop;
use application::checkout::pay_order::OrderPayment;
use application::checkout::review::{ReviewDesk, ReviewPayments};
use application::checkout::view_payment::PaymentView;
use application::ledger::check::books::GatewayBooks;
use application::orders::ports::OrderAccess;
use application::payments::cards::{CardNotes, CardWitness, NoteCards};
use application::payments::expire::TopUpExpiry;
use application::payments::ports::PaymentGateway;
use application::payments::sandbox::{SandboxDelivery, SandboxPage};
use application::payments::top_up::TopUpDesk;
use application::refunds::ports::{DisputeList, RefundGateway};
use infrastructure::crypto::{HmacCards, KeyRing};
use infrastructure::payment::{InvalidStripeSettings, SandboxAddresses, SandboxBooks, SandboxGateway, StripeGateway};
use infrastructure::sql::Database;
use infrastructure::sql::payments::SandboxSessions;
use infrastructure::system::{SystemSecrets, UuidGenerator};
use std::sync::Arc;

type Failure = Box<dyn std::error::Error>;

/// The gateway, and what only the sandbox has.
pub struct Payments {
    pub gateway: Arc<dyn PaymentGateway>,
    pub refunds: Arc<dyn RefundGateway>,
    pub disputes: Arc<dyn DisputeList>,
    /// Who knows the cards that were tried; the sandbox's page has none.
    pub card_witness: Option<Arc<dyn CardWitness>>,
    pub sandbox_page: Option<Arc<dyn SandboxPage>>,
    pub sandbox_delivery: Option<Arc<dyn SandboxDelivery>>,
}

impl Payments {
    /// As the settings say.
    ///
    /// # Errors
    /// When one of them can't be used.
    pub fn of(shop: &Shop, ring: &KeyRing) -> Result<Self, Failure> {
        let stripe = &shop.settings.stripe;
        if stripe.is_configured() {
            let gateway = Arc::new(at_stripe(stripe)?);
            return Ok(Self {
                refunds: gateway.clone(),
                disputes: gateway.clone(),
                card_witness: Some(gateway.clone()),
                gateway,
                sandbox_page: None,
                sandbox_delivery: None,
            });
        }
        let sandbox = Arc::new(sandbox(shop, ring)?);
        Ok(Self {
            gateway: sandbox.clone(),
            refunds: sandbox.clone(),
            disputes: sandbox.clone(),
            card_witness: None,
            sandbox_page: Some(sandbox.clone()),
            sandbox_delivery: Some(sandbox),
        })
    }
}

/// The use cases of paying.
pub fn services(
    shop: &Shop,
    gateway: &Arc<dyn PaymentGateway>,
    access: &Arc<dyn OrderAccess>,
    review: Arc<dyn ReviewPayments>,
) -> web::PaymentServices {
    let Shop { database, transactor, clock, settings, .. } = shop;
    let queries = Arc::new(database.queries());
    web::PaymentServices {
        top_up: Arc::new(TopUpDesk {
            transactor: transactor.clone(),
            gateway: gateway.clone(),
            clock: clock.clone(),
            ids: Arc::new(UuidGenerator),
            limits: settings.payments.top_up_limits(),
            risk: Arc::new(settings.payments.risk_rules()),
        }),
        pay_order: Arc::new(OrderPayment {
            orders: queries.clone(),
            payments: queries.clone(),
            gateway: gateway.clone(),
            access: access.clone(),
            transactor: transactor.clone(),
            clock: clock.clone(),
            fee: settings.platform_fee(),
        }),
        view: Arc::new(PaymentView { payments: queries.clone(), orders: queries }),
        review,
    }
}

/// Who notes the cards that were tried, if a rule counts them and somebody knows.
pub fn card_notes(shop: &Shop, ring: &KeyRing, witness: Option<Arc<dyn CardWitness>>) -> Option<Arc<dyn NoteCards>> {
    let witness = witness.filter(|_| shop.settings.payments.counts_cards())?;
    Some(Arc::new(CardNotes {
        payments: Arc::new(shop.database.queries()),
        witness,
        digests: Arc::new(HmacCards(ring.derive("cards"))),
        transactor: shop.transactor.clone(),
        clock: shop.clock.clone(),
    }))
}

/// Who looks at payments that are held, and ends what nobody decides.
pub fn review(shop: &Shop, gateway: &Arc<dyn PaymentGateway>) -> ReviewDesk {
    ReviewDesk {
        payments: Arc::new(shop.database.queries()),
        gateway: gateway.clone(),
        transactor: shop.transactor.clone(),
        clock: shop.clock.clone(),
        fee: shop.settings.platform_fee(),
    }
}

/// Who gives up top-ups that are not paid in time.
pub fn expiry(shop: &Shop, gateway: &Arc<dyn PaymentGateway>) -> TopUpExpiry {
    TopUpExpiry {
        payments: Arc::new(shop.database.queries()),
        gateway: gateway.clone(),
        transactor: shop.transactor.clone(),
        clock: shop.clock.clone(),
    }
}

/// What the gateway has taken, if it is to be asked. The sandbox's books are in our own database, and cost nothing.
///
/// # Errors
/// When a setting can't be used.
pub fn books(
    settings: &Settings,
    database: &Database,
    ask: bool,
) -> Result<Option<Arc<dyn GatewayBooks>>, InvalidStripeSettings> {
    if !settings.stripe.is_configured() {
        return Ok(Some(Arc::new(SandboxBooks::new(SandboxSessions::new(database)))));
    }
    Ok(if ask { Some(Arc::new(at_stripe(&settings.stripe)?)) } else { None })
}

fn at_stripe(stripe: &Stripe) -> Result<StripeGateway, InvalidStripeSettings> {
    StripeGateway::new(&stripe.api_base, &stripe.secret_key, &stripe.webhook_secret)
}

fn sandbox(shop: &Shop, ring: &KeyRing) -> Result<SandboxGateway, Failure> {
    let server = &shop.settings.server;
    let host = if server.host == "0.0.0.0" { "127.0.0.1" } else { server.host.as_str() };
    let addresses = SandboxAddresses {
        public_url: server.public_url.clone(),
        webhook_url: format!("http://{host}:{}/api/v1/webhooks/sandbox", server.port),
    };
    let sessions = SandboxSessions::new(&shop.database);
    let secret = ring.derive("sandbox webhook");
    Ok(SandboxGateway::new(sessions, secret, shop.clock.clone(), Arc::new(SystemSecrets), addresses)?)
}
