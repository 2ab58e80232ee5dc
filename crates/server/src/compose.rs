//! The composition root: which adapter stands behind which port. The only place that knows them all.

use crate::administration;
use crate::apps;
use crate::courier::CourierRounds;
use crate::factors::Factors;
use crate::gift_cards;
use crate::keys::{self, PublishedKeys};
use crate::notifications::Notifications;
use crate::payments::{self, Payments};
use crate::pictures::{self, StoredMedia};
use crate::readiness::DatabaseReadiness;
use crate::refunds;
use crate::shop::Shop;
use crate::social;
use crate::webhooks::Webhooks;
use crate::worker::Worker;
use application::cart::shop::CartFilling;
use application::catalog::arrange_categories::CategoryDesk;
use application::catalog::arrange_materials::MaterialDesk;
use application::catalog::browse::Catalog;
use application::catalog::sell::ProductDesk;
use application::checkout::Drafting;
use application::checkout::cancel::Cancellation;
use application::checkout::place_order::CheckoutDesk;
use application::checkout::settle::Settlement;
use application::identity::address_book::AddressDesk;
use application::identity::api_keys::ApiKeyDesk;
use application::identity::authenticate::Gatekeeper;
use application::identity::change_email::EmailChangeDesk;
use application::identity::delete_account::AccountDeletion;
use application::identity::guesses::Guesses;
use application::identity::opening::SessionOpening;
use application::identity::passwords::PasswordDesk;
use application::identity::profile::{Profile, ProfileDesk};
use application::identity::sessions::SessionKeeping;
use application::identity::sign_in::PasswordSignIn;
use application::identity::social::identities::IdentityKeeping;
use application::identity::social::sign_in::ProviderSignIn;
use application::identity::step_up::FreshProof;
use application::identity::verify_email::EmailProof;
use application::jobs::JobStore;
use application::ledger::view::MovementDesk;
use application::orders::ports::OrderAccess;
use application::orders::view::OrderDesk;
use application::payments::hear::GatewayEar;
use application::system::Clock;
use application::takeout::take_out::{Archives, TakeoutDesk};
use chrono::TimeDelta;
use infrastructure::cache::{MemoryRateLimits, MemoryRevokedTokens};
use infrastructure::crypto::{
    AeadBox, HmacCodes, HmacDeviceTokens, HmacOrderAccess, HmacRefreshTokens, KeySource, Rs256Tokens,
};
use infrastructure::sql::idempotency::{AnswerSeal, SqlIdempotencyKeys};
use infrastructure::sql::jobs::SqlJobStore;
use infrastructure::sql::{SqlApiKeyUses, SqlAttemptCounts};
use infrastructure::system::{SystemSecrets, UuidGenerator};
use std::sync::Arc;

type Failure = Box<dyn std::error::Error>;

impl Shop {
    /// Puts everything together.
    ///
    /// # Errors
    /// When a key or a setting can't be used.
    pub fn compose(self) -> Result<Composition, Failure> {
        let Self { settings, database, hasher, transactor, clock, media } = &self;
        let keys = Arc::new(keys::open(settings)?);
        let ring = keys.ring();
        let lifetime = TimeDelta::minutes(i64::from(settings.security.access_token_minutes));
        let tokens = Arc::new(Rs256Tokens::new(keys.clone(), lifetime));
        let codes = Arc::new(HmacCodes(ring.derive("verification codes")));
        let access: Arc<dyn OrderAccess> = Arc::new(HmacOrderAccess(ring.derive("order access")));
        let Payments { gateway, refunds: refund_gateway, disputes, card_witness, sandbox_page, sandbox_delivery } =
            Payments::of(&self, &ring)?;
        let ids = Arc::new(UuidGenerator);
        let secrets = Arc::new(SystemSecrets);
        let queries = Arc::new(database.queries());
        let answers = AnswerSeal::new(
            Arc::new(AeadBox::new(ring.derive("idempotency answers"))),
            ring.derive("idempotency fingerprints"),
        );
        let idempotency = Arc::new(SqlIdempotencyKeys::new(database, answers, ids.clone()));
        let jobs: Arc<dyn JobStore> = Arc::new(SqlJobStore::new(database));
        let (gift_codes, gift_access) = (gift_cards::later_codes(&ring), access.clone());
        let Notifications {
            mails,
            notices,
            money_notices,
            review_notices,
            reset_links,
            gift_cards: gift_card_mails,
            mailbox,
        } = Notifications::of(&self, codes.clone(), access.clone(), gift_codes.clone())?;
        let Webhooks { services: webhooks, fan_out, card_fan_out, courier } = Webhooks::of(&self, &ring)?;
        let readiness = Arc::new(DatabaseReadiness::new(database.clone(), settings.database.url.clone()));

        let cancellation = Arc::new(Cancellation {
            orders: queries.clone(),
            payments: queries.clone(),
            gateway: gateway.clone(),
            transactor: transactor.clone(),
            access: access.clone(),
            clock: clock.clone(),
            fee: settings.platform_fee(),
        });
        let attempts = Arc::new(SqlAttemptCounts::new(database));
        let devices = Arc::new(HmacDeviceTokens(ring.derive("device tokens")));
        let guesses = Guesses { counts: attempts.clone(), devices: devices.clone() };
        let opening = SessionOpening {
            access: tokens.clone(),
            refresh: Arc::new(HmacRefreshTokens(ring.derive("refresh tokens"))),
            devices,
            ids: ids.clone(),
            secrets: secrets.clone(),
            lifetime: TimeDelta::days(i64::from(settings.security.session_days)),
        };
        let factors = Factors {
            keys: &ring,
            shop_name: &settings.shop.name,
            public_url: &settings.server.public_url,
            queries: queries.clone(),
            guesses: guesses.clone(),
            opening: opening.clone(),
            transactor: transactor.clone(),
            clock: clock.clone(),
        };
        let settlement = Settlement {
            payments: queries.clone(),
            orders: queries.clone(),
            gateway: gateway.clone(),
            access: access.clone(),
            transactor: transactor.clone(),
            clock: clock.clone(),
            fee: settings.platform_fee(),
        };
        let reviews = Arc::new(payments::review(&self, &gateway));
        let (keep_pictures, tend_pictures) = pictures::services(&self);
        let worker = Worker {
            pictures: tend_pictures,
            store: jobs.clone(),
            clock: clock.clone(),
            mails,
            notices,
            settlement: Arc::new(settlement),
            cards: payments::card_notes(&self, &ring, card_witness),
            cancellation: cancellation.clone(),
            refunds: Arc::new(refunds::following(&self, refund_gateway.clone())),
            disputes: Arc::new(refunds::disputes(&self, refund_gateway.clone())),
            dispute_watch: Arc::new(refunds::watch(&self, disputes)),
            money_notices,
            review_notices,
            gift_card_expiry: Arc::new(gift_cards::expiry(&self)),
            gift_card_batches: Arc::new(gift_cards::batches(&self, gift_codes.clone())),
            gift_card_mails,
            sold_gift_cards: Arc::new(gift_cards::sold(&self, gift_codes.clone())),
            webhooks: Arc::new(fan_out),
            card_webhooks: Arc::new(card_fan_out),
            top_up_expiry: Arc::new(payments::expiry(&self, &gateway)),
            reviews: reviews.clone(),
            sandbox: sandbox_delivery,
            reset_links,
            attempts: attempts.clone(),
            idempotency: idempotency.clone(),
            transactor: transactor.clone(),
            log_kept: TimeDelta::days(i64::from(settings.security.log_days)),
        };
        let shop_clock: Arc<dyn Clock> = clock.clone();
        let social_sign_in = ProviderSignIn {
            providers: social::providers(&settings.social, &settings.server.public_url, &shop_clock)?,
            people: queries.clone(),
            transactor: transactor.clone(),
            opening: opening.clone(),
            clock: clock.clone(),
        };
        let registration = Arc::new(self.registration());
        let services = web::Services {
            register_users: registration.clone(),
            verify_emails: Arc::new(EmailProof {
                people: queries.clone(),
                guesses: guesses.clone(),
                transactor: transactor.clone(),
                codes: codes.clone(),
                clock: clock.clone(),
            }),
            authenticate: Arc::new(Gatekeeper {
                people: queries.clone(),
                revoked: Arc::new(MemoryRevokedTokens::new(lifetime.to_std()?)),
                tokens: tokens.clone(),
                keys: queries.clone(),
                uses: Arc::new(SqlApiKeyUses::new(database)),
                clock: clock.clone(),
            }),
            sign_in: Arc::new(PasswordSignIn {
                people: queries.clone(),
                guesses: guesses.clone(),
                transactor: transactor.clone(),
                hasher: hasher.clone(),
                opening: opening.clone(),
                clock: clock.clone(),
            }),
            keep_sessions: Arc::new(SessionKeeping {
                people: queries.clone(),
                sessions: queries.clone(),
                transactor: transactor.clone(),
                opening,
                clock: clock.clone(),
            }),
            set_passwords: Arc::new(PasswordDesk {
                people: queries.clone(),
                resets: queries.clone(),
                guesses: guesses.clone(),
                transactor: transactor.clone(),
                hasher: hasher.clone(),
                clock: clock.clone(),
            }),
            step_up: Arc::new(FreshProof {
                people: queries.clone(),
                guesses: guesses.clone(),
                transactor: transactor.clone(),
                hasher: hasher.clone(),
                codes: factors.codes(),
                clock: clock.clone(),
            }),
            social_sign_in: Arc::new(social_sign_in),
            keep_identities: Arc::new(IdentityKeeping {
                identities: queries.clone(),
                people: queries.clone(),
                transactor: transactor.clone(),
                clock: clock.clone(),
            }),
            keep_api_keys: Arc::new(ApiKeyDesk {
                keys: queries.clone(),
                transactor: transactor.clone(),
                ids: ids.clone(),
                secrets: secrets.clone(),
                clock: clock.clone(),
            }),
            admin: administration::services(&self, registration),
            factors: factors.services()?,
            view_profile: Arc::new(Profile { people: queries.clone() }),
            edit_profile: Arc::new(ProfileDesk {
                people: queries.clone(),
                transactor: transactor.clone(),
                counts: attempts.clone(),
                clock: clock.clone(),
            }),
            change_email: Arc::new(EmailChangeDesk {
                guesses,
                transactor: transactor.clone(),
                codes,
                clock: clock.clone(),
            }),
            keep_addresses: Arc::new(AddressDesk {
                addresses: queries.clone(),
                transactor: transactor.clone(),
                ids: ids.clone(),
                clock: clock.clone(),
            }),
            take_out: Arc::new(TakeoutDesk {
                archives: Archives {
                    people: queries.clone(),
                    addresses: queries.clone(),
                    sessions: queries.clone(),
                    orders: queries.clone(),
                    payments: queries.clone(),
                    belongings: queries.clone(),
                },
                transactor: transactor.clone(),
                clock: clock.clone(),
            }),
            delete_account: Arc::new(AccountDeletion {
                transactor: transactor.clone(),
                ids: ids.clone(),
                clock: clock.clone(),
            }),
            browse_catalog: Arc::new(Catalog { catalog: queries.clone() }),
            sell_products: Arc::new(ProductDesk {
                catalog: queries.clone(),
                transactor: transactor.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
            }),
            arrange_categories: Arc::new(CategoryDesk {
                transactor: transactor.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
            }),
            arrange_materials: Arc::new(MaterialDesk {
                transactor: transactor.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
            }),
            keep_pictures,
            fill_carts: Arc::new(CartFilling {
                carts: queries.clone(),
                catalog: queries.clone(),
                transactor: transactor.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
                shop_currency: settings.currency(),
            }),
            place_orders: Arc::new(CheckoutDesk {
                transactor: transactor.clone(),
                gateway: gateway.clone(),
                access: access.clone(),
                guesses: gift_cards::guesses(&self),
                clock: clock.clone(),
                drafting: Drafting { ids, secrets },
                fee: settings.platform_fee(),
                risk: Arc::new(settings.payments.risk_rules()),
            }),
            view_orders: Arc::new(OrderDesk {
                orders: queries.clone(),
                payments: queries.clone(),
                catalog: queries.clone(),
                access: access.clone(),
            }),
            gift_cards: gift_cards::services(&self, gift_codes, gift_access),
            webhooks,
            payments: payments::services(&self, &gateway, &access, reviews),
            seller_money: refunds::services(&self, refund_gateway),
            view_movements: Arc::new(MovementDesk { ledger: queries }),
            cancel_orders: cancellation,
            hear_gateway: Arc::new(GatewayEar { gateway, transactor: transactor.clone(), clock: clock.clone() }),
            sandbox_page,
            mailbox,
            idempotency_keys: idempotency,
            rate_limits: Arc::new(MemoryRateLimits::new()),
            access_tokens: tokens,
            jobs: Some(jobs),
            readiness: readiness.clone(),
            media_files: Arc::new(StoredMedia(media.clone())),
            clock: clock.clone(),
        };
        let assets = apps::assets(Arc::new(PublishedKeys(keys)));
        Ok(Composition { services, assets, worker, courier, readiness, shop: self })
    }
}

/// Everything that serves.
pub struct Composition {
    pub services: web::Services,
    pub assets: web::Assets,
    pub worker: Worker,
    pub courier: CourierRounds,
    pub readiness: Arc<DatabaseReadiness>,
    pub shop: Shop,
}
