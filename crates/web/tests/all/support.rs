//! The app with doubles behind it, callers of every kind, and one of each thing.

use actix_web::HttpMessage;
use actix_web::body::to_bytes;
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderMap;
use actix_web::test::{self, TestRequest};
use actix_web::web::Bytes;
use application::RepositoryError;
use application::audit::ports::LoggedEvent;
use application::audit::read::MockViewSecurityLog;
use application::audit::refused_tokens::MockNoteRefusedTokens;
use application::cart::shop::{CartView, MockFillCarts};
use application::catalog::arrange_categories::MockArrangeCategories;
use application::catalog::arrange_materials::MockArrangeMaterials;
use application::catalog::browse::MockBrowseCatalog;
use application::catalog::gift_products::MockDecideGiftProducts;
use application::catalog::sell::MockSellProducts;
use application::catalog::views::{Offer, ProductView, SellerView};
use application::checkout::cancel::MockCancelOrders;
use application::checkout::pay_order::MockPayOrders;
use application::checkout::place_order::MockPlaceOrders;
use application::checkout::review::MockReviewPayments;
use application::checkout::view_payment::MockViewPayments;
use application::gift_cards::administer::MockLookAfterGiftCards;
use application::gift_cards::batch_desk::{BatchCodes, MockLookAfterBatches};
use application::gift_cards::check::MockCheckGiftCards;
use application::gift_cards::issue::MockIssueGiftCards;
use application::gift_cards::ports::CardWithBalance;
use application::gift_cards::redeem::{MockRedeemGiftCards, Redeemed};
use application::gift_cards::sell::MockFollowGifts;
use application::gift_cards::send_again::MockSendGiftCardsAgain;
use application::idempotency::{Claim, ClaimId, IdempotencyKeys, KeyedRequest, StoredAnswer};
use application::identity::address_book::MockKeepAddresses;
use application::identity::administration::MockLookAfterAccounts;
use application::identity::api_keys::MockKeepApiKeys;
use application::identity::authenticate::{AuthenticateError, MockAuthenticate};
use application::identity::change_email::MockChangeEmail;
use application::identity::delete_account::MockDeleteAccount;
use application::identity::opening::SignedIn;
use application::identity::passkey_sign_in::MockPasskeySignIn;
use application::identity::passkeys::{MockKeepPasskeys, PasskeyQuestion};
use application::identity::passwords::MockSetPasswords;
use application::identity::ports::{
    AccountView, InvalidToken, IssuedToken, MockAccessTokens, TokenClaims, TotpEnrolment,
};
use application::identity::profile::{MockEditProfile, MockViewProfile};
use application::identity::recovery_codes::MockKeepRecoveryCodes;
use application::identity::register::MockRegisterUsers;
use application::identity::register_many::MockRegisterMany;
use application::identity::second_factor::MockAnswerChallenges;
use application::identity::sessions::MockKeepSessions;
use application::identity::sign_in::{LogIn, MockSignIn};
use application::identity::social::identities::MockKeepIdentities;
use application::identity::social::sign_in::MockSocialSignIn;
use application::identity::step_up::MockStepUp;
use application::identity::totp::MockKeepTotp;
use application::identity::verify_email::MockVerifyEmails;
use application::identity::{Caller, Credential, SessionProof};
use application::ledger::ports::Movement;
use application::ledger::statement::{MockViewStatements, Statement, StatementLine};
use application::ledger::view::MockViewMovements;
use application::media::pictures::MockKeepPictures;
use application::notifications::ports::MockMailbox;
use application::orders::view::{MockViewOrders, OrderView, SoldView};
use application::payments::hear::MockHearGateway;
use application::payments::sandbox::MockSandboxPage;
use application::payments::top_up::MockTopUpBalances;
use application::payouts::pay_out::MockMakePayouts;
use application::payouts::ports::PayoutView;
use application::payouts::view::MockViewPayouts;
use application::rate_limits::{Budget, RateLimits, RateLimitsUnavailable, Taken};
use application::refunds::give::MockGiveRefunds;
use application::refunds::top_ups::give::MockGiveTopUpRefunds;
use application::refunds::view::MockViewRefunds;
use application::system::MockClock;
use application::takeout::Takeout;
use application::takeout::ports::Belongings;
use application::takeout::take_out::MockTakeOut;
use application::webhooks::deliveries::MockTendDeliveries;
use application::webhooks::keep::MockKeepWebhooks;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::cart::{Cart, CartLine};
use domain::catalog::{Category, Material, Options, Picture, PictureSize, ProductStatus, Variant};
use domain::gift_cards::{
    Delivery as GiftDelivery, GiftCard, GiftCardBatch, GiftCardCode, NewGiftCard, NewGiftCardBatch, SealedSeed,
};
use domain::identity::{
    ApiKey, CredentialId, NewUser, Passkey, PasskeyMaterial, PostalAddress, Role, SavedAddress, Scope, User,
};
use domain::kernel::{
    AddressId, ApiKeyId, CartId, CartLineId, CategoryId, Currency, EmailAddress, Gift, GiftCardBatchId, GiftCardId,
    ImageId, LedgerEntryId, MaterialId, Money, OrderId, OrderLineId, PasskeyId, PaymentId, PayoutId, ProductId,
    RefundId, RichText, SecurityEventId, SessionId, Slug, TokenId, UserId, VariantId,
};
use domain::kernel::{WebhookDeliveryId, WebhookId};
use domain::ledger::MovementKind;
use domain::orders::{NewOrder, Order, OrderLine, OrderNumber, SellerSnapshot, ShippingAddress};
use domain::payments::{HostedSession, Payment, Purpose, ReturnUrls};
use domain::payouts::{Payout, PayoutStatus};
use domain::refunds::{Allotment, Refund, RefundKind, RefundStatus, RefundTender, TenderKind, TopUpRefund};
use domain::webhooks::{Delivery, Endpoint, EventKind, NewDelivery, NewEndpoint, Owner};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use uuid::Uuid;
use web::apps::{AppFile, AppFiles};
use web::extract::permitted::AskedFor;
use web::health::Readiness;
use web::media::{MediaFile, MediaFiles, MediaUnavailable};
use web::{
    AdminServices, Assets, FactorServices, GiftCardServices, PaymentServices, SellerMoneyServices, Services, Settings,
    Site, WebhookServices,
};

pub const SHOP: &str = "https://shop.example";

/// Every use case as a double that nobody may call unless the test says so.
pub struct Doubles {
    pub register_users: MockRegisterUsers,
    pub verify_emails: MockVerifyEmails,
    pub authenticate: MockAuthenticate,
    pub sign_in: MockSignIn,
    pub keep_sessions: MockKeepSessions,
    pub set_passwords: MockSetPasswords,
    pub social_sign_in: MockSocialSignIn,
    pub keep_identities: MockKeepIdentities,
    pub step_up: MockStepUp,
    pub keep_api_keys: MockKeepApiKeys,
    pub look_after_accounts: MockLookAfterAccounts,
    pub register_many: MockRegisterMany,
    pub view_security_log: MockViewSecurityLog,
    pub note_refused_tokens: MockNoteRefusedTokens,
    pub answer_challenges: MockAnswerChallenges,
    pub passkey_sign_in: MockPasskeySignIn,
    pub keep_totp: MockKeepTotp,
    pub keep_recovery_codes: MockKeepRecoveryCodes,
    pub keep_passkeys: MockKeepPasskeys,
    pub view_profile: MockViewProfile,
    pub edit_profile: MockEditProfile,
    pub change_email: MockChangeEmail,
    pub keep_addresses: MockKeepAddresses,
    pub delete_account: MockDeleteAccount,
    pub take_out: MockTakeOut,
    pub browse_catalog: MockBrowseCatalog,
    pub sell_products: MockSellProducts,
    pub arrange_categories: MockArrangeCategories,
    pub arrange_materials: MockArrangeMaterials,
    pub keep_pictures: MockKeepPictures,
    pub fill_carts: MockFillCarts,
    pub place_orders: MockPlaceOrders,
    pub view_orders: MockViewOrders,
    pub cancel_orders: MockCancelOrders,
    pub check_gift_cards: MockCheckGiftCards,
    pub redeem_gift_cards: MockRedeemGiftCards,
    pub issue_gift_cards: MockIssueGiftCards,
    pub look_after_gift_cards: MockLookAfterGiftCards,
    pub look_after_batches: MockLookAfterBatches,
    pub send_gift_cards_again: MockSendGiftCardsAgain,
    pub follow_gifts: MockFollowGifts,
    pub decide_gift_products: MockDecideGiftProducts,
    pub keep_webhooks: MockKeepWebhooks,
    pub tend_deliveries: MockTendDeliveries,
    pub top_up_balances: MockTopUpBalances,
    pub pay_orders: MockPayOrders,
    pub view_payments: MockViewPayments,
    pub review_payments: MockReviewPayments,
    pub view_movements: MockViewMovements,
    pub give_refunds: MockGiveRefunds,
    pub view_refunds: MockViewRefunds,
    pub give_top_up_refunds: MockGiveTopUpRefunds,
    pub make_payouts: MockMakePayouts,
    pub view_payouts: MockViewPayouts,
    pub view_statements: MockViewStatements,
    pub hear_gateway: MockHearGateway,
    pub sandbox_page: Option<MockSandboxPage>,
    pub mailbox: Option<MockMailbox>,
    pub ready: bool,
    pub customer_app: Vec<(&'static str, &'static str)>,
    pub settings: Settings,
}

impl Default for Doubles {
    fn default() -> Self {
        let mut authenticate = MockAuthenticate::new();
        authenticate.expect_authenticate().returning(|token| match token {
            "customer" => Ok(caller(Role::Customer, true)),
            "unverified-customer" => Ok(caller(Role::Customer, false)),
            "unverified-seller" => Ok(caller(Role::Seller, false)),
            "seller" => Ok(caller(Role::Seller, true)),
            "other-seller" => Ok(Caller { user_id: UserId::new(id(9)), ..caller(Role::Seller, true) }),
            "admin" => Ok(caller(Role::Admin, true)),
            "admin-of-yesterday" => {
                let mut caller = caller(Role::Admin, true);
                if let Credential::Session(session) = &mut caller.credential {
                    session.proven_at = now() - chrono::TimeDelta::days(1);
                }
                Ok(caller)
            }
            "key-without-scopes" => Ok(with_key(&[])),
            "key-with-scopes" | "carat_key" | "carat_another" => Ok(with_key(Scope::ALL)),
            "revoked" => Err(AuthenticateError::Revoked { user: UserId::new(id(1)) }),
            "away" => Err(RepositoryError::unavailable("connection refused").into()),
            _ => Err(AuthenticateError::Invalid),
        });
        let mut note_refused_tokens = MockNoteRefusedTokens::new();
        note_refused_tokens.expect_note().returning(|_, _| Ok(()));
        Self {
            register_users: MockRegisterUsers::new(),
            verify_emails: MockVerifyEmails::new(),
            authenticate,
            sign_in: MockSignIn::new(),
            keep_sessions: MockKeepSessions::new(),
            set_passwords: MockSetPasswords::new(),
            social_sign_in: MockSocialSignIn::new(),
            keep_identities: MockKeepIdentities::new(),
            step_up: MockStepUp::new(),
            keep_api_keys: MockKeepApiKeys::new(),
            look_after_accounts: MockLookAfterAccounts::new(),
            register_many: MockRegisterMany::new(),
            view_security_log: MockViewSecurityLog::new(),
            note_refused_tokens,
            answer_challenges: MockAnswerChallenges::new(),
            passkey_sign_in: MockPasskeySignIn::new(),
            keep_totp: MockKeepTotp::new(),
            keep_recovery_codes: MockKeepRecoveryCodes::new(),
            keep_passkeys: MockKeepPasskeys::new(),
            view_profile: MockViewProfile::new(),
            edit_profile: MockEditProfile::new(),
            change_email: MockChangeEmail::new(),
            keep_addresses: MockKeepAddresses::new(),
            delete_account: MockDeleteAccount::new(),
            take_out: MockTakeOut::new(),
            browse_catalog: MockBrowseCatalog::new(),
            sell_products: MockSellProducts::new(),
            arrange_categories: MockArrangeCategories::new(),
            arrange_materials: MockArrangeMaterials::new(),
            keep_pictures: MockKeepPictures::new(),
            fill_carts: MockFillCarts::new(),
            place_orders: MockPlaceOrders::new(),
            view_orders: MockViewOrders::new(),
            cancel_orders: MockCancelOrders::new(),
            check_gift_cards: MockCheckGiftCards::new(),
            redeem_gift_cards: MockRedeemGiftCards::new(),
            issue_gift_cards: MockIssueGiftCards::new(),
            look_after_gift_cards: MockLookAfterGiftCards::new(),
            look_after_batches: MockLookAfterBatches::new(),
            send_gift_cards_again: MockSendGiftCardsAgain::new(),
            follow_gifts: MockFollowGifts::new(),
            decide_gift_products: MockDecideGiftProducts::new(),
            keep_webhooks: MockKeepWebhooks::new(),
            tend_deliveries: MockTendDeliveries::new(),
            top_up_balances: MockTopUpBalances::new(),
            pay_orders: MockPayOrders::new(),
            view_payments: MockViewPayments::new(),
            review_payments: MockReviewPayments::new(),
            view_movements: MockViewMovements::new(),
            give_refunds: MockGiveRefunds::new(),
            view_refunds: MockViewRefunds::new(),
            give_top_up_refunds: MockGiveTopUpRefunds::new(),
            make_payouts: MockMakePayouts::new(),
            view_payouts: MockViewPayouts::new(),
            view_statements: MockViewStatements::new(),
            hear_gateway: MockHearGateway::new(),
            sandbox_page: None,
            mailbox: None,
            ready: true,
            customer_app: Vec::new(),
            settings: Settings::at(SHOP),
        }
    }
}

impl Doubles {
    pub fn site(self) -> Site {
        let mut clock = MockClock::new();
        clock.expect_now().returning(now);
        // A signature is good before anybody is asked: also that of somebody who signed out.
        let mut tokens = MockAccessTokens::new();
        tokens.expect_read().returning(|token, _| match token {
            "customer" | "seller" | "revoked" => Ok(claims(token)),
            _ => Err(InvalidToken),
        });
        let services = Services {
            register_users: Arc::new(self.register_users),
            verify_emails: Arc::new(self.verify_emails),
            authenticate: Arc::new(self.authenticate),
            sign_in: Arc::new(self.sign_in),
            keep_sessions: Arc::new(self.keep_sessions),
            set_passwords: Arc::new(self.set_passwords),
            social_sign_in: Arc::new(self.social_sign_in),
            keep_identities: Arc::new(self.keep_identities),
            step_up: Arc::new(self.step_up),
            keep_api_keys: Arc::new(self.keep_api_keys),
            seller_money: SellerMoneyServices {
                give_refunds: Arc::new(self.give_refunds),
                view_refunds: Arc::new(self.view_refunds),
                give_top_up_refunds: Arc::new(self.give_top_up_refunds),
                make_payouts: Arc::new(self.make_payouts),
                view_payouts: Arc::new(self.view_payouts),
                view_statements: Arc::new(self.view_statements),
            },
            admin: AdminServices {
                look_after_accounts: Arc::new(self.look_after_accounts),
                register_many: Arc::new(self.register_many),
                view_security_log: Arc::new(self.view_security_log),
                note_refused_tokens: Arc::new(self.note_refused_tokens),
            },
            factors: FactorServices {
                answer_challenges: Arc::new(self.answer_challenges),
                passkey_sign_in: Arc::new(self.passkey_sign_in),
                keep_totp: Arc::new(self.keep_totp),
                keep_recovery_codes: Arc::new(self.keep_recovery_codes),
                keep_passkeys: Arc::new(self.keep_passkeys),
            },
            view_profile: Arc::new(self.view_profile),
            edit_profile: Arc::new(self.edit_profile),
            change_email: Arc::new(self.change_email),
            keep_addresses: Arc::new(self.keep_addresses),
            delete_account: Arc::new(self.delete_account),
            take_out: Arc::new(self.take_out),
            browse_catalog: Arc::new(self.browse_catalog),
            sell_products: Arc::new(self.sell_products),
            arrange_categories: Arc::new(self.arrange_categories),
            arrange_materials: Arc::new(self.arrange_materials),
            keep_pictures: Arc::new(self.keep_pictures),
            fill_carts: Arc::new(self.fill_carts),
            place_orders: Arc::new(self.place_orders),
            view_orders: Arc::new(self.view_orders),
            cancel_orders: Arc::new(self.cancel_orders),
            payments: PaymentServices {
                top_up: Arc::new(self.top_up_balances),
                pay_order: Arc::new(self.pay_orders),
                view: Arc::new(self.view_payments),
                review: Arc::new(self.review_payments),
            },
            gift_cards: GiftCardServices {
                check: Arc::new(self.check_gift_cards),
                redeem: Arc::new(self.redeem_gift_cards),
                issue: Arc::new(self.issue_gift_cards),
                look_after: Arc::new(self.look_after_gift_cards),
                batches: Arc::new(self.look_after_batches),
                send_again: Arc::new(self.send_gift_cards_again),
                follow: Arc::new(self.follow_gifts),
                decide_products: Arc::new(self.decide_gift_products),
            },
            webhooks: WebhookServices {
                keep: Arc::new(self.keep_webhooks),
                deliveries: Arc::new(self.tend_deliveries),
            },
            view_movements: Arc::new(self.view_movements),
            hear_gateway: Arc::new(self.hear_gateway),
            sandbox_page: self.sandbox_page.map(|page| Arc::new(page) as _),
            mailbox: self.mailbox.map(|mailbox| Arc::new(mailbox) as _),
            idempotency_keys: Arc::new(MemoryKeys::default()),
            rate_limits: Arc::new(CountedBudgets::default()),
            access_tokens: Arc::new(tokens),
            jobs: None,
            readiness: Arc::new(Ready(self.ready)),
            media_files: Arc::new(OnePicture),
            clock: Arc::new(clock),
        };
        let assets = Assets {
            customer_app: Arc::new(Files(self.customer_app)),
            seller_app: Arc::new(Files(vec![])),
            redoc_script: None,
            public_keys: Arc::new(NoKeys),
        };
        Site::new(services, assets, self.settings).unwrap()
    }
}

fn claims(token: &str) -> TokenClaims {
    let user = UserId::new(id(token.len() as u128));
    TokenClaims { user, session: SessionId::new(id(3)), token: TokenId::new(id(2)), expires_at: now() }
}

/// Budgets that nothing comes back to.
#[derive(Default)]
struct CountedBudgets(Mutex<HashMap<(Budget, String), u32>>);

#[async_trait]
impl RateLimits for CountedBudgets {
    async fn take(&self, budget: Budget, client: &str) -> Result<Taken, RateLimitsUnavailable> {
        let mut spent = self.0.lock().unwrap();
        let spent = spent.entry((budget, client.to_owned())).or_default();
        *spent += 1;
        let remaining = budget.a_minute.get().checked_sub(*spent);
        let refused_for = remaining.is_none().then_some(Duration::from_millis(2_500));
        Ok(Taken { remaining: remaining.unwrap_or_default(), refused_for })
    }
    fn forget_idle(&self) {}
}

struct NoKeys;

impl web::public_keys::PublicKeys for NoKeys {
    fn key_set(&self) -> serde_json::Value {
        serde_json::json!({"keys": []})
    }
}

struct Ready(bool);

#[async_trait]
impl Readiness for Ready {
    async fn check(&self) -> Vec<(String, Result<(), String>)> {
        vec![("database".to_owned(), if self.0 { Ok(()) } else { Err("password of carat@db refused".to_owned()) })]
    }
}

struct OnePicture;

#[async_trait]
impl MediaFiles for OnePicture {
    async fn get(&self, path: &str) -> Result<Option<MediaFile>, MediaUnavailable> {
        let file = MediaFile { bytes: Bytes::from_static(b"webp"), content_type: "image/webp".to_owned() };
        Ok((path == "products/ring.webp").then_some(file))
    }
}

struct Files(Vec<(&'static str, &'static str)>);

impl AppFiles for Files {
    fn get(&self, path: &str) -> Option<AppFile> {
        let (_, text) = self.0.iter().find(|(name, _)| *name == path)?;
        let content_type = if path.ends_with(".html") { "text/html; charset=utf-8" } else { "text/javascript" };
        Some(AppFile { bytes: text.as_bytes().into(), content_type: content_type.to_owned(), hash: [7; 32] })
    }
}

/// Idempotency keys as the port says, in memory.
#[derive(Default)]
struct MemoryKeys(Mutex<HashMap<CallersKey, (String, Option<StoredAnswer>)>>);

type CallersKey = (String, String);

#[async_trait]
impl IdempotencyKeys for MemoryKeys {
    async fn claim(&self, request: &KeyedRequest, _: DateTime<Utc>) -> Result<Claim, RepositoryError> {
        let mut keys = self.0.lock().unwrap();
        let place = (request.caller.clone(), request.key.clone());
        Ok(match keys.get(&place) {
            Some((fingerprint, _)) if *fingerprint != request.fingerprint => Claim::Mismatch,
            Some((_, Some(answer))) => Claim::Replay(answer.clone()),
            Some((_, None)) => Claim::InUse,
            None => {
                keys.insert(place, (request.fingerprint.clone(), None));
                Claim::Granted(ClaimId(id(1)))
            }
        })
    }
    async fn renew(&self, _: &KeyedRequest, _: ClaimId, _: DateTime<Utc>) -> Result<bool, RepositoryError> {
        Ok(true)
    }
    async fn keep(&self, request: &KeyedRequest, _: ClaimId, answer: &StoredAnswer) -> Result<bool, RepositoryError> {
        let place = (request.caller.clone(), request.key.clone());
        self.0.lock().unwrap().insert(place, (request.fingerprint.clone(), Some(answer.clone())));
        Ok(true)
    }
    async fn release(&self, request: &KeyedRequest, _: ClaimId) -> Result<(), RepositoryError> {
        self.0.lock().unwrap().remove(&(request.caller.clone(), request.key.clone()));
        Ok(())
    }
    async fn purge(&self, _: DateTime<Utc>) -> Result<u64, RepositoryError> {
        Ok(0)
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// The permission that the operation asked for.
    pub asked_for: Option<&'static str>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
    /// Status and code of a problem.
    pub fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text());
        (self.status.as_u16(), self.json()["code"].as_str().unwrap().to_owned())
    }
}

/// Asks from a client's address.
pub async fn ask(site: &Site, request: TestRequest) -> Answer {
    open(site).await(request).await
}

/// An app of the site to ask from a client's address, for many questions: making one takes longer than any answer.
pub async fn open(site: &Site) -> impl AsyncFn(TestRequest) -> Answer + use<> {
    let app = test::init_service(site.app()).await;
    async move |request: TestRequest| {
        let request = request.peer_addr("203.0.113.7:5555".parse().unwrap()).to_request();
        match test::try_call_service(&app, request).await {
            Ok(answer) => {
                let (status, headers) = (answer.status(), answer.headers().clone());
                let asked_for = answer.request().extensions().get::<AskedFor>().map(|asked| asked.0);
                let body = to_bytes(answer.into_body()).await.map_err(|_| "body").unwrap();
                Answer { status, headers, body, asked_for }
            }
            Err(error) => {
                let answer = error.error_response();
                let (status, headers) = (answer.status(), answer.headers().clone());
                Answer { status, headers, body: to_bytes(answer.into_body()).await.unwrap(), asked_for: None }
            }
        }
    }
}

pub fn get(path: &str) -> TestRequest {
    TestRequest::get().uri(path)
}

pub fn post(path: &str, body: &Value) -> TestRequest {
    TestRequest::post().uri(path).set_json(body)
}

pub trait With {
    /// With this Bearer token.
    fn by(self, token: &str) -> Self;
    /// With this idempotency key.
    fn keyed(self, key: &str) -> Self;
    /// With a form: a file, and words about it.
    fn form_with(self, file: &[u8], alt: &str) -> Self;
}

/// A form with these fields, between lines of this name.
pub fn form(line: &str, fields: &[(&str, &[u8])]) -> Vec<u8> {
    let mut form = Vec::new();
    for (name, value) in fields {
        form.extend(format!("--{line}\r\nContent-Disposition: form-data; name=\"{name}\"").bytes());
        form.extend(if *name == "file" { &b"; filename=\"ring.png\"\r\n\r\n"[..] } else { &b"\r\n\r\n"[..] });
        form.extend(*value);
        form.extend(b"\r\n");
    }
    form.extend(format!("--{line}--\r\n").bytes());
    form
}

impl With for TestRequest {
    fn by(self, token: &str) -> Self {
        self.insert_header(("authorization", format!("Bearer {token}")))
    }
    fn keyed(self, key: &str) -> Self {
        self.insert_header(("idempotency-key", key))
    }
    fn form_with(self, file: &[u8], alt: &str) -> Self {
        self.insert_header(("content-type", "multipart/form-data; boundary=line"))
            .set_payload(form("line", &[("file", file), ("alt", alt.as_bytes())]))
    }
}

pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

pub fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub fn eur(amount: i64) -> Money {
    Money::new(amount, Currency::EUR)
}

pub fn caller(role: Role, email_verified: bool) -> Caller {
    Caller {
        user_id: UserId::new(id(1)),
        role,
        email_verified,
        credential: Credential::Session(SessionProof {
            session_id: SessionId::new(id(3)),
            token_id: TokenId::new(id(2)),
            token_expires_at: now() + chrono::TimeDelta::hours(1),
            proven_at: now(),
        }),
    }
}

/// A seller's program, with an API key of these scopes.
fn with_key(scopes: &[Scope]) -> Caller {
    let credential = Credential::ApiKey { id: ApiKeyId::new(id(50)), scopes: scopes.iter().copied().collect() };
    Caller { credential, ..caller(Role::Seller, true) }
}

/// Someone who has just signed in, with these tokens for a quarter of an hour.
pub fn signed_in() -> SignedIn {
    SignedIn {
        user: user(Role::Customer),
        access: IssuedToken { token: "jwt".to_owned(), expires_at: now() + chrono::TimeDelta::seconds(900) },
        refresh_token: "refresh".to_owned(),
        session_expires_at: now() + chrono::TimeDelta::days(30),
        device_token: Some("device".to_owned()),
    }
}

/// The same, as a login answers it.
pub fn logged_in() -> LogIn {
    LogIn::SignedIn(Box::new(signed_in()))
}

/// Someone's open session.
pub fn session() -> domain::identity::Session {
    let new = domain::identity::NewSession {
        id: SessionId::new(id(3)),
        user_id: UserId::new(id(1)),
        seed: [0; 32],
        address: "192.0.2.1".to_owned(),
        device: "Firefox on Linux".to_owned(),
        lifetime: chrono::TimeDelta::days(30),
    };
    domain::identity::Session::open(new, now())
}

/// Someone's API key.
pub fn api_key() -> ApiKey {
    ApiKey {
        id: ApiKeyId::new(id(50)),
        user_id: UserId::new(id(1)),
        name: "Till".to_owned(),
        prefix: "carat_abcdef".to_owned(),
        digest: "digest".to_owned(),
        scopes: [Scope::SalesRead].into_iter().collect(),
        created_at: now(),
        last_used_at: None,
        expires_at: None,
        revoked_at: None,
    }
}

/// Someone's account, as admins see it.
pub fn account() -> AccountView {
    AccountView { user: user(Role::Seller), last_sign_in_at: Some(now()), two_factor: true, sessions: 2 }
}

/// A line of the security log.
pub fn logged_event() -> LoggedEvent {
    LoggedEvent {
        id: SecurityEventId::new(id(60)),
        at: now(),
        kind: "login_failed".to_owned(),
        user_id: None,
        actor_id: None,
        email: Some("a…@example.com".to_owned()),
        address: Some("192.0.2.1".to_owned()),
        device: Some("curl".to_owned()),
        details: [("reason".to_owned(), "password".to_owned())].into(),
    }
}

pub fn user(role: Role) -> User {
    let new = NewUser {
        id: UserId::new(id(1)),
        email: EmailAddress::parse("ada@example.com").unwrap(),
        name: Some("Ada".to_owned()),
        role,
        shop_name: (role == Role::Seller).then(|| "Ada's".to_owned()),
        password_hash: Some("$2b$hash".to_owned()),
    };
    User::register(new, now())
}

pub fn saved_address() -> SavedAddress {
    let address = PostalAddress {
        name: "Ada".to_owned(),
        line1: "1 Street".to_owned(),
        line2: None,
        city: "Paris".to_owned(),
        postal_code: "75001".to_owned(),
        region: None,
        country: "FR".to_owned(),
    };
    SavedAddress { id: AddressId::new(id(30)), address, is_default: true, created_at: now(), updated_at: now() }
}

pub fn takeout() -> Takeout {
    Takeout {
        exported_at: now(),
        user: user(Role::Customer),
        addresses: vec![saved_address()],
        orders: vec![order_view()],
        sessions: vec![session()],
        belongings: Belongings::default(),
        complete: true,
    }
}

pub fn seller() -> SellerView {
    SellerView { id: UserId::new(id(9)), shop_name: "Atelier".to_owned(), created_at: now() }
}

pub fn category() -> Category {
    let slug = Slug::parse("rings").unwrap();
    Category { id: CategoryId::new(id(60)), slug, name: "Rings".to_owned(), parent_id: None }
}

pub fn material() -> Material {
    Material { id: MaterialId::new(id(61)), slug: Slug::parse("gold").unwrap(), name: "Gold".to_owned() }
}

pub fn picture() -> Picture {
    let size = |width: u32, ending: &str| PictureSize {
        path: format!("pictures/{}/{width}-ab.{ending}", id(31)),
        width,
        height: width / 2,
    };
    let smaller = vec![size(320, "webp"), size(320, "jpg"), size(800, "webp")];
    Picture { id: ImageId::new(id(31)), largest: size(800, "jpg"), alt: "A ring".to_owned(), smaller }
}

pub fn product() -> ProductView {
    let variant = Variant {
        id: VariantId::new(id(7)),
        sku: "R-7".to_owned(),
        options: Options::new(),
        price: eur(12_999),
        stock: 3,
    };
    ProductView {
        id: ProductId::new(id(107)),
        slug: Slug::parse("gold-ring").unwrap(),
        title: "Gold ring".to_owned(),
        description: RichText::sanitise("<p>Fine</p>"),
        price: eur(12_999),
        compare_at_price: None,
        seller: seller(),
        category: None,
        materials: vec![],
        images: vec![],
        option_names: vec![],
        variants: vec![variant],
        status: ProductStatus::Active,
        gift_card: false,
        created_at: now(),
        updated_at: now(),
    }
}

pub fn cart() -> CartView {
    let mut cart = Cart::open(CartId::new(id(20)), None, Currency::EUR, now());
    let variant_id = VariantId::new(id(7));
    cart.lines.push(CartLine { id: CartLineId::new(id(207)), variant_id, quantity: 2, gift: None });
    let offer = Offer {
        variant_id,
        product_id: ProductId::new(id(107)),
        product_slug: Slug::parse("gold-ring").unwrap(),
        sku: "R-7".to_owned(),
        title: "Gold ring".to_owned(),
        options: Options::new(),
        price: eur(12_999),
        stock: 3,
        on_sale: true,
        gift_card: false,
        seller: seller(),
        category: None,
        materials: vec![],
        image: None,
    };
    CartView::join(cart, &[offer]).unwrap()
}

pub fn order() -> Order {
    let line = OrderLine {
        id: OrderLineId::new(id(307)),
        product_id: ProductId::new(id(107)),
        variant_id: VariantId::new(id(7)),
        sku: "R-7".to_owned(),
        title: "Gold ring".to_owned(),
        options: Options::new(),
        quantity: 2,
        unit_price: eur(12_999),
        total: eur(25_998),
        seller: SellerSnapshot { id: UserId::new(id(9)), shop_name: "Atelier".to_owned() },
        category: None,
        materials: vec![],
        gift: None,
    };
    let address = ShippingAddress {
        name: "Ada".to_owned(),
        line1: "1 Street".to_owned(),
        line2: None,
        city: "Paris".to_owned(),
        postal_code: "75001".to_owned(),
        region: None,
        country: "FR".to_owned(),
    };
    let new = NewOrder {
        id: OrderId::new(id(30)),
        number: OrderNumber("CR-00000-00000".to_owned()),
        cart_id: CartId::new(id(20)),
        checkout_key: "key".to_owned(),
        user_id: None,
        email: EmailAddress::parse("ada@example.com").unwrap(),
        currency: Currency::EUR,
        lines: vec![line],
        shipping_address: Some(address),
    };
    Order::place(new, now()).unwrap()
}

pub fn payment() -> Payment {
    let urls = ReturnUrls { success: "s".to_owned(), cancel: "c".to_owned() };
    let purpose = Purpose::Order { order: OrderId::new(id(30)), customer: None };
    let mut payment = Payment::intend(PaymentId::new(id(40)), purpose, eur(25_998), urls, now());
    payment.submit(HostedSession { id: "sess".to_owned(), url: format!("{SHOP}/sandbox/pay/sess") }, now());
    payment
}

pub fn order_view() -> OrderView {
    OrderView { order: order(), payment: Some(payment()), images: HashMap::new() }
}

pub fn sold_view() -> SoldView {
    let order = order();
    SoldView { lines: order.lines.clone(), total: order.total, order, images: HashMap::new() }
}

/// An order that somebody paid by card.
pub fn movement() -> Movement {
    Movement {
        id: LedgerEntryId::new(id(70)),
        kind: MovementKind::OrderPaid,
        amount: eur(-25_998),
        balance_after: None,
        order_id: Some(OrderId::new(id(30))),
        payment_id: Some(PaymentId::new(id(40))),
        gift_card_id: None,
        created_at: now(),
    }
}

/// A passkey of the user.
/// A refund of 100.00 of the order's first line, to the card.
pub fn refund() -> Refund {
    let part = Allotment { line: Some(order().lines[0].id), quantity: 1, amount: eur(10_000) };
    Refund {
        id: RefundId::new(id(90)),
        kind: RefundKind::Refund,
        order_id: order().id,
        payment_id: Some(payment().id),
        amount: eur(10_000),
        excess: eur(0),
        status: RefundStatus::Pending,
        parts: vec![part],
        kept: vec![],
        to: vec![RefundTender { position: 0, kind: TenderKind::Card, amount: eur(10_000) }],
        reason: Some("too small".to_owned()),
        restocked: true,
        requested_by: None,
        request_key: "key".to_owned(),
        gateway_id: None,
        failure: None,
        created_at: now(),
        updated_at: now(),
    }
}

pub fn top_up_refund() -> TopUpRefund {
    TopUpRefund {
        id: RefundId::new(id(92)),
        kind: RefundKind::Refund,
        payment_id: payment().id,
        customer: UserId::new(id(1)),
        amount: eur(2_000),
        counted: eur(2_000),
        taken: eur(2_000),
        status: RefundStatus::Pending,
        reason: Some("asked for".to_owned()),
        requested_by: Some(UserId::new(id(2))),
        request_key: "key".to_owned(),
        gateway_id: None,
        failure: None,
        created_at: now(),
        updated_at: now(),
    }
}

pub fn payout_view() -> PayoutView {
    let payout = Payout {
        id: PayoutId::new(id(91)),
        seller_id: UserId::new(id(1)),
        amount: eur(5_000),
        reference: Some("SEPA 7".to_owned()),
        status: PayoutStatus::Paid,
        made_by: UserId::new(id(2)),
        request_key: "key".to_owned(),
        created_at: now(),
        failed_at: None,
    };
    PayoutView { payout, shop_name: "Shop".to_owned() }
}

/// A sale of 129.99 with a fee of 3.25, and nothing before it.
pub fn statement() -> Statement {
    let line = StatementLine {
        id: LedgerEntryId::new(id(92)),
        kind: MovementKind::OrderPaid,
        amount: eur(12_674),
        fee: Some(eur(325)),
        balance_after: eur(12_674),
        order_id: Some(order().id),
        order_number: Some("CR-1".to_owned()),
        payout_id: None,
        created_at: now(),
    };
    let lines = domain::kernel::Page { data: vec![line], next: None };
    Statement { lines, opening: eur(0), closing: eur(12_674) }
}

pub fn passkey() -> Passkey {
    Passkey {
        id: PasskeyId::new(id(60)),
        user_id: UserId::new(id(1)),
        credential_id: CredentialId("abc".to_owned()),
        material: PasskeyMaterial("{}".to_owned()),
        name: "Laptop".to_owned(),
        created_at: now(),
        last_used_at: None,
    }
}

/// What a device is asked.
pub fn passkey_question() -> PasskeyQuestion {
    PasskeyQuestion { challenge: "c".to_owned(), options: serde_json::json!({"challenge": "AAAA"}) }
}

/// What is needed to set an authenticator app up.
pub fn totp_enrolment() -> TotpEnrolment {
    TotpEnrolment { secret: "GEZD".to_owned(), uri: "otpauth://totp/x".to_owned(), qr_svg: "<svg/>".to_owned() }
}

pub const GIFT_CODE: &str = "ABCD-EFGH-JKMN-PQRS-TVWX-YZ01";

/// What Grace gets from Ada for Christmas.
pub fn gift() -> Gift {
    Gift {
        recipient_email: EmailAddress::parse("grace@example.com").unwrap(),
        recipient_name: Some("Grace".to_owned()),
        sender_name: Some("Ada".to_owned()),
        message: Some("Merry Christmas!\nYours".to_owned()),
        deliver_on: Some("2027-12-24".parse().unwrap()),
    }
}

/// A card that waits for its day.
pub fn gift_delivery() -> GiftDelivery {
    GiftDelivery::plan(gift_card().card.id, gift(), SealedSeed::new("sealed".to_owned()), None, now())
}

/// A batch of one card of 50.00 EUR, whose code waits to be told.
pub fn gift_card_batch() -> GiftCardBatch {
    let new = NewGiftCardBatch {
        id: GiftCardBatchId::new(id(45)),
        value: Money::new(5_000, Currency::EUR),
        quantity: 1,
        expires_at: None,
        note: Some("Fair".to_owned()),
        issued_by: UserId::new(id(5)),
        seed: SealedSeed::new("sealed".to_owned()),
    };
    let mut batch = GiftCardBatch::order(new, now()).unwrap();
    batch.issue_next(1, now());
    batch
}

/// Its only code.
pub fn batch_codes() -> BatchCodes {
    let code = GiftCardCode::parse(GIFT_CODE).unwrap();
    BatchCodes { batch: gift_card_batch(), codes: vec![(GiftCardId::new(id(40)), code)] }
}

/// A card of 50.00 EUR, of which 30.00 are left.
pub fn gift_card() -> CardWithBalance {
    let new = NewGiftCard {
        id: GiftCardId::new(id(40)),
        code_digest: "digest".to_owned(),
        last4: "YZ01".to_owned(),
        value: Money::new(5_000, Currency::EUR),
        issued_by: user(Role::Admin).id,
        recipient_email: None,
        expires_at: None,
    };
    CardWithBalance { card: GiftCard::issue(new, now()).unwrap(), balance: Money::new(3_000, Currency::EUR) }
}

/// What redeeming it came to.
pub fn redeemed() -> Redeemed {
    let (credited, store_balance) = (Money::new(3_000, Currency::EUR), Money::new(8_000, Currency::EUR));
    Redeemed { gift_card: gift_card().card.id, credited, store_balance }
}

/// A webhook of the seller's.
pub fn webhook() -> Endpoint {
    let new = NewEndpoint {
        id: WebhookId::new(id(90)),
        owner: Owner::Seller(user(Role::Seller).id),
        created_by: user(Role::Seller).id,
        url: "https://merchant.example/hook".to_owned(),
        description: Some("Warehouse".to_owned()),
        events: vec![EventKind::OrderPaid],
        secret: "sealed".to_owned(),
    };
    Endpoint::create(new, now()).unwrap()
}

/// What is on its way there.
pub fn delivery() -> Delivery {
    let new = NewDelivery {
        id: WebhookDeliveryId::new(id(91)),
        endpoint_id: webhook().id,
        event_id: id(92),
        kind: EventKind::OrderPaid,
        payload: r#"{"type":"order.paid"}"#.to_owned(),
    };
    Delivery::begin(new, now())
}
