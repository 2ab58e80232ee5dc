//! Everything that the API calls, handed in by the server crate, and by tests with doubles.

use crate::apps::AppFiles;
use crate::health::Readiness;
use crate::media::MediaFiles;
use crate::public_keys::PublicKeys;
use actix_web::web::{Bytes, Data, ServiceConfig};
use application::audit::read::ViewSecurityLog;
use application::audit::refused_tokens::NoteRefusedTokens;
use application::cart::shop::FillCarts;
use application::catalog::arrange_categories::ArrangeCategories;
use application::catalog::arrange_materials::ArrangeMaterials;
use application::catalog::browse::BrowseCatalog;
use application::catalog::gift_products::DecideGiftProducts;
use application::catalog::sell::SellProducts;
use application::checkout::cancel::CancelOrders;
use application::checkout::pay_order::PayOrders;
use application::checkout::place_order::PlaceOrders;
use application::checkout::review::ReviewPayments;
use application::checkout::view_payment::ViewPayments;
use application::gift_cards::administer::LookAfterGiftCards;
use application::gift_cards::batch_desk::LookAfterBatches;
use application::gift_cards::check::CheckGiftCards;
use application::gift_cards::issue::IssueGiftCards;
use application::gift_cards::redeem::RedeemGiftCards;
use application::gift_cards::sell::FollowGifts;
use application::gift_cards::send_again::SendGiftCardsAgain;
use application::idempotency::IdempotencyKeys;
use application::identity::address_book::KeepAddresses;
use application::identity::administration::LookAfterAccounts;
use application::identity::api_keys::KeepApiKeys;
use application::identity::authenticate::Authenticate;
use application::identity::change_email::ChangeEmail;
use application::identity::delete_account::DeleteAccount;
use application::identity::passkey_sign_in::PasskeySignIn;
use application::identity::passkeys::KeepPasskeys;
use application::identity::passwords::SetPasswords;
use application::identity::ports::AccessTokens;
use application::identity::profile::{EditProfile, ViewProfile};
use application::identity::recovery_codes::KeepRecoveryCodes;
use application::identity::register::RegisterUsers;
use application::identity::register_many::RegisterMany;
use application::identity::second_factor::AnswerChallenges;
use application::identity::sessions::KeepSessions;
use application::identity::sign_in::SignIn;
use application::identity::social::identities::KeepIdentities;
use application::identity::social::sign_in::SocialSignIn;
use application::identity::step_up::StepUp;
use application::identity::totp::KeepTotp;
use application::identity::verify_email::VerifyEmails;
use application::jobs::JobStore;
use application::ledger::statement::ViewStatements;
use application::ledger::view::ViewMovements;
use application::media::pictures::KeepPictures;
use application::notifications::ports::Mailbox;
use application::orders::view::ViewOrders;
use application::payments::hear::HearGateway;
use application::payments::sandbox::SandboxPage;
use application::payments::top_up::TopUpBalances;
use application::payouts::pay_out::MakePayouts;
use application::payouts::view::ViewPayouts;
use application::rate_limits::RateLimits;
use application::refunds::give::GiveRefunds;
use application::refunds::top_ups::give::GiveTopUpRefunds;
use application::refunds::view::ViewRefunds;
use application::system::Clock;
use application::takeout::TakeOut;
use application::webhooks::deliveries::TendDeliveries;
use application::webhooks::keep::KeepWebhooks;
use std::sync::Arc;

/// The use cases and ports behind the API.
#[derive(Clone)]
pub struct Services {
    /// `POST /auth/register`.
    pub register_users: Arc<dyn RegisterUsers>,
    /// `POST /auth/verify-email`, `POST /auth/resend-verification`.
    pub verify_emails: Arc<dyn VerifyEmails>,
    /// Tells who calls.
    pub authenticate: Arc<dyn Authenticate>,
    /// `POST /auth/login`.
    pub sign_in: Arc<dyn SignIn>,
    /// `POST /auth/refresh`, `POST /auth/logout`, `/auth/sessions`.
    pub keep_sessions: Arc<dyn KeepSessions>,
    /// `PUT /users/me/password`, `/auth/password`.
    pub set_passwords: Arc<dyn SetPasswords>,
    /// `/auth/oauth`.
    pub social_sign_in: Arc<dyn SocialSignIn>,
    /// `/users/me/identities`.
    pub keep_identities: Arc<dyn KeepIdentities>,
    /// `POST /auth/step-up`.
    pub step_up: Arc<dyn StepUp>,
    /// `/users/me/api-keys`.
    pub keep_api_keys: Arc<dyn KeepApiKeys>,
    /// Gift cards.
    pub gift_cards: GiftCardServices,
    /// Outgoing webhooks.
    pub webhooks: WebhookServices,
    /// Refunds, statements and payouts.
    pub seller_money: SellerMoneyServices,
    /// What admins do, and what they want to know.
    pub admin: AdminServices,
    /// Second factors and passkeys.
    pub factors: FactorServices,
    /// `GET /users/me`.
    pub view_profile: Arc<dyn ViewProfile>,
    /// `PATCH /users/me`.
    pub edit_profile: Arc<dyn EditProfile>,
    /// `/users/me/email`.
    pub change_email: Arc<dyn ChangeEmail>,
    /// `/users/me/addresses`.
    pub keep_addresses: Arc<dyn KeepAddresses>,
    /// `DELETE /users/me`.
    pub delete_account: Arc<dyn DeleteAccount>,
    /// `GET /users/me/export`.
    pub take_out: Arc<dyn TakeOut>,
    /// The public catalogue.
    pub browse_catalog: Arc<dyn BrowseCatalog>,
    /// `/seller/products`.
    pub sell_products: Arc<dyn SellProducts>,
    /// `POST /categories`, `/admin/categories`.
    pub arrange_categories: Arc<dyn ArrangeCategories>,
    /// `POST /materials`, `/admin/materials`.
    pub arrange_materials: Arc<dyn ArrangeMaterials>,
    /// `/seller/products/{id}/images`.
    pub keep_pictures: Arc<dyn KeepPictures>,
    /// `/carts`.
    pub fill_carts: Arc<dyn FillCarts>,
    /// `POST /carts/{id}/checkout`.
    pub place_orders: Arc<dyn PlaceOrders>,
    /// `/orders`, `/seller/orders`.
    pub view_orders: Arc<dyn ViewOrders>,
    /// `POST /orders/{id}/cancel`.
    pub cancel_orders: Arc<dyn CancelOrders>,
    /// `GET /users/me/balance`, `GET /transactions`.
    pub view_movements: Arc<dyn ViewMovements>,
    /// Payments.
    pub payments: PaymentServices,
    /// `POST /webhooks/{gateway}`.
    pub hear_gateway: Arc<dyn HearGateway>,
    /// The sandbox's page; `None` unless the sandbox is the gateway, and then the address doesn't exist.
    pub sandbox_page: Option<Arc<dyn SandboxPage>>,
    /// The development mailbox; `None` where mails are sent, and then the address doesn't exist.
    pub mailbox: Option<Arc<dyn Mailbox>>,
    /// Keeps idempotency keys.
    pub idempotency_keys: Arc<dyn IdempotencyKeys>,
    /// Counts requests.
    pub rate_limits: Arc<dyn RateLimits>,
    /// Reads tokens without asking the database, to know whose budget pays.
    pub access_tokens: Arc<dyn AccessTokens>,
    /// Counts jobs for `/metrics`; without it they are left out.
    pub jobs: Option<Arc<dyn JobStore>>,
    /// Tells whether the server can work.
    pub readiness: Arc<dyn Readiness>,
    /// Product pictures.
    pub media_files: Arc<dyn MediaFiles>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

/// What admins do, and what they want to know.
#[derive(Clone)]
pub struct AdminServices {
    /// `/admin/users`.
    pub look_after_accounts: Arc<dyn LookAfterAccounts>,
    /// `POST /auth/register/bulk`.
    pub register_many: Arc<dyn RegisterMany>,
    /// `GET /admin/security-log`.
    pub view_security_log: Arc<dyn ViewSecurityLog>,
    /// Told of every token that is refused.
    pub note_refused_tokens: Arc<dyn NoteRefusedTokens>,
}

/// Gift cards.
#[derive(Clone)]
pub struct GiftCardServices {
    /// `POST /gift-cards/check`.
    pub check: Arc<dyn CheckGiftCards>,
    /// `POST /gift-cards/redeem`.
    pub redeem: Arc<dyn RedeemGiftCards>,
    /// `POST /gift-cards`.
    pub issue: Arc<dyn IssueGiftCards>,
    /// `/gift-cards`, for admins.
    pub look_after: Arc<dyn LookAfterGiftCards>,
    /// `/gift-cards/{id}/delivery`.
    pub send_again: Arc<dyn SendGiftCardsAgain>,
    /// `/orders/{id}/gifts`.
    pub follow: Arc<dyn FollowGifts>,
    /// `PATCH /admin/products/{id}`.
    pub decide_products: Arc<dyn DecideGiftProducts>,
    /// `/gift-cards/batches`.
    pub batches: Arc<dyn LookAfterBatches>,
}

/// Outgoing webhooks.
#[derive(Clone)]
pub struct WebhookServices {
    /// `/seller/webhooks`.
    pub keep: Arc<dyn KeepWebhooks>,
    /// `/seller/webhooks/{id}/deliveries`.
    pub deliveries: Arc<dyn TendDeliveries>,
}

/// Payments.
#[derive(Clone)]
pub struct PaymentServices {
    /// `POST /payments`, into a balance.
    pub top_up: Arc<dyn TopUpBalances>,
    /// `POST /payments`, of an order.
    pub pay_order: Arc<dyn PayOrders>,
    /// `GET /payments/{id}`.
    pub view: Arc<dyn ViewPayments>,
    /// `/admin/payments`.
    pub review: Arc<dyn ReviewPayments>,
}

/// Money that goes back, and money that sellers are sent.
#[derive(Clone)]
pub struct SellerMoneyServices {
    /// `POST /seller/orders/{id}/refunds`, `POST /admin/orders/{id}/refunds`.
    pub give_refunds: Arc<dyn GiveRefunds>,
    /// The same addresses, to read.
    pub view_refunds: Arc<dyn ViewRefunds>,
    /// `/admin/payments/{id}/refunds`.
    pub give_top_up_refunds: Arc<dyn GiveTopUpRefunds>,
    /// `POST /admin/payouts`.
    pub make_payouts: Arc<dyn MakePayouts>,
    /// `/seller/payouts`, `/admin/payouts`.
    pub view_payouts: Arc<dyn ViewPayouts>,
    /// `/seller/statement`, `/seller/earnings`.
    pub view_statements: Arc<dyn ViewStatements>,
}

/// Second factors and passkeys.
#[derive(Clone)]
pub struct FactorServices {
    /// `POST /auth/login/second-factor`.
    pub answer_challenges: Arc<dyn AnswerChallenges>,
    /// `/auth/passkey`.
    pub passkey_sign_in: Arc<dyn PasskeySignIn>,
    /// `/users/me/totp`.
    pub keep_totp: Arc<dyn KeepTotp>,
    /// `/users/me/recovery-codes`.
    pub keep_recovery_codes: Arc<dyn KeepRecoveryCodes>,
    /// `/users/me/passkeys`.
    pub keep_passkeys: Arc<dyn KeepPasskeys>,
}

/// What the server shows that is built elsewhere.
#[derive(Clone)]
pub struct Assets {
    /// The storefront, as Vite builds it into its `dist` folder.
    pub customer_app: Arc<dyn AppFiles>,
    /// The seller app, likewise.
    pub seller_app: Arc<dyn AppFiles>,
    /// `bundles/redoc.standalone.js` of the npm package `redoc`; without it `/redoc` says that it isn't built.
    pub redoc_script: Option<Bytes>,
    /// The public signing keys (RFC 7517).
    pub public_keys: Arc<dyn PublicKeys>,
}

impl Services {
    /// Makes each available to handlers as `web::Data<dyn Trait>`.
    pub(crate) fn register(&self, config: &mut ServiceConfig) {
        config
            .app_data(Data::from(Arc::clone(&self.register_users)))
            .app_data(Data::from(Arc::clone(&self.verify_emails)))
            .app_data(Data::from(Arc::clone(&self.authenticate)))
            .app_data(Data::from(Arc::clone(&self.sign_in)))
            .app_data(Data::from(Arc::clone(&self.keep_sessions)))
            .app_data(Data::from(Arc::clone(&self.set_passwords)))
            .app_data(Data::from(Arc::clone(&self.social_sign_in)))
            .app_data(Data::from(Arc::clone(&self.keep_identities)))
            .app_data(Data::from(Arc::clone(&self.step_up)))
            .app_data(Data::from(Arc::clone(&self.keep_api_keys)))
            .app_data(Data::from(Arc::clone(&self.admin.look_after_accounts)))
            .app_data(Data::from(Arc::clone(&self.admin.register_many)))
            .app_data(Data::from(Arc::clone(&self.admin.view_security_log)))
            .app_data(Data::from(Arc::clone(&self.admin.note_refused_tokens)))
            .app_data(Data::from(Arc::clone(&self.factors.answer_challenges)))
            .app_data(Data::from(Arc::clone(&self.factors.passkey_sign_in)))
            .app_data(Data::from(Arc::clone(&self.factors.keep_totp)))
            .app_data(Data::from(Arc::clone(&self.factors.keep_recovery_codes)))
            .app_data(Data::from(Arc::clone(&self.factors.keep_passkeys)))
            .app_data(Data::from(Arc::clone(&self.view_profile)))
            .app_data(Data::from(Arc::clone(&self.edit_profile)))
            .app_data(Data::from(Arc::clone(&self.change_email)))
            .app_data(Data::from(Arc::clone(&self.keep_addresses)))
            .app_data(Data::from(Arc::clone(&self.delete_account)))
            .app_data(Data::from(Arc::clone(&self.take_out)))
            .app_data(Data::from(Arc::clone(&self.browse_catalog)))
            .app_data(Data::from(Arc::clone(&self.sell_products)))
            .app_data(Data::from(Arc::clone(&self.arrange_categories)))
            .app_data(Data::from(Arc::clone(&self.arrange_materials)))
            .app_data(Data::from(Arc::clone(&self.keep_pictures)))
            .app_data(Data::from(Arc::clone(&self.fill_carts)))
            .app_data(Data::from(Arc::clone(&self.place_orders)))
            .app_data(Data::from(Arc::clone(&self.view_orders)))
            .app_data(Data::from(Arc::clone(&self.cancel_orders)))
            .app_data(Data::from(Arc::clone(&self.view_movements)))
            .app_data(Data::from(Arc::clone(&self.gift_cards.check)))
            .app_data(Data::from(Arc::clone(&self.gift_cards.redeem)))
            .app_data(Data::from(Arc::clone(&self.gift_cards.issue)))
            .app_data(Data::from(Arc::clone(&self.gift_cards.look_after)))
            .app_data(Data::from(Arc::clone(&self.gift_cards.batches)))
            .app_data(Data::from(Arc::clone(&self.gift_cards.send_again)))
            .app_data(Data::from(Arc::clone(&self.gift_cards.follow)))
            .app_data(Data::from(Arc::clone(&self.gift_cards.decide_products)))
            .app_data(Data::from(Arc::clone(&self.webhooks.keep)))
            .app_data(Data::from(Arc::clone(&self.webhooks.deliveries)))
            .app_data(Data::from(Arc::clone(&self.payments.top_up)))
            .app_data(Data::from(Arc::clone(&self.payments.pay_order)))
            .app_data(Data::from(Arc::clone(&self.payments.view)))
            .app_data(Data::from(Arc::clone(&self.payments.review)))
            .app_data(Data::from(Arc::clone(&self.seller_money.give_refunds)))
            .app_data(Data::from(Arc::clone(&self.seller_money.view_refunds)))
            .app_data(Data::from(Arc::clone(&self.seller_money.give_top_up_refunds)))
            .app_data(Data::from(Arc::clone(&self.seller_money.make_payouts)))
            .app_data(Data::from(Arc::clone(&self.seller_money.view_payouts)))
            .app_data(Data::from(Arc::clone(&self.seller_money.view_statements)))
            .app_data(Data::from(Arc::clone(&self.hear_gateway)))
            .app_data(Data::from(Arc::clone(&self.idempotency_keys)))
            .app_data(Data::from(Arc::clone(&self.rate_limits)))
            .app_data(Data::from(Arc::clone(&self.access_tokens)))
            .app_data(Data::from(Arc::clone(&self.readiness)))
            .app_data(Data::from(Arc::clone(&self.media_files)))
            .app_data(Data::from(Arc::clone(&self.clock)));
        if let Some(sandbox) = &self.sandbox_page {
            config.app_data(Data::from(Arc::clone(sandbox)));
        }
        if let Some(mailbox) = &self.mailbox {
            config.app_data(Data::from(Arc::clone(mailbox)));
        }
    }
}
