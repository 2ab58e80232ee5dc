//! How mail leaves: by SendGrid or a mail server, whichever is set; without one, outside production, into the mailbox that
//! `/dev/mail` shows.

use crate::shop::Shop;
use application::gift_cards::ports::LaterCodes;
use application::identity::ports::CodeHasher;
use application::notifications::gift_cards::{DeliverGiftCards, GiftCardPost};
use application::notifications::letter::Letterhead;
use application::notifications::money::{MoneyBooks, MoneyPost, SendMoneyNotices};
use application::notifications::notices::{NoticePost, SendNotices};
use application::notifications::ports::{Mailbox, Mailer};
use application::notifications::reset_links::{ResetLinkPost, SendResetLinks};
use application::notifications::reviews::{ReviewPost, SendReviewNotices};
use application::notifications::send::{CodeDrawing, Post, SendMails};
use application::orders::ports::OrderAccess;
use infrastructure::mail::{FolderMailbox, SendGridMailer, SmtpMailer};
use infrastructure::system::SystemSecrets;
use std::sync::Arc;

type Failure = Box<dyn std::error::Error>;

/// Those who write mails, and the mailbox, if mails stay here.
pub struct Notifications {
    pub mails: Arc<dyn SendMails>,
    pub notices: Arc<dyn SendNotices>,
    pub money_notices: Arc<dyn SendMoneyNotices>,
    pub review_notices: Arc<dyn SendReviewNotices>,
    pub reset_links: Arc<dyn SendResetLinks>,
    pub gift_cards: Arc<dyn DeliverGiftCards>,
    pub mailbox: Option<Arc<dyn Mailbox>>,
}

impl Notifications {
    /// As the settings say; `hasher` digests the codes that mails tell, `access` opens the orders of guests, and `gift_codes` makes the
    /// codes of gift cards.
    ///
    /// # Errors
    /// When a setting can't be used.
    pub fn of(
        shop: &Shop,
        hasher: Arc<dyn CodeHasher>,
        access: Arc<dyn OrderAccess>,
        gift_codes: Arc<dyn LaterCodes>,
    ) -> Result<Self, Failure> {
        let Shop { settings, database, transactor, clock, .. } = shop;
        let (mailer, mailbox) = mailer(shop)?;
        let (queries, secrets) = (Arc::new(database.queries()), Arc::new(SystemSecrets));
        let letterhead =
            Letterhead { shop_name: settings.shop.name.clone(), public_url: settings.server.public_url.clone() };
        let reset_links = ResetLinkPost {
            mailer: mailer.clone(),
            people: queries.clone(),
            transactor: transactor.clone(),
            secrets: secrets.clone(),
            clock: clock.clone(),
            letterhead: letterhead.clone(),
        };
        let money_notices = MoneyPost {
            mailer: mailer.clone(),
            people: queries.clone(),
            books: MoneyBooks {
                refunds: queries.clone(),
                top_ups: queries.clone(),
                payouts: queries.clone(),
                orders: queries.clone(),
            },
            access: access.clone(),
            letterhead: letterhead.clone(),
        };
        let review_notices = ReviewPost {
            mailer: mailer.clone(),
            people: queries.clone(),
            payments: queries.clone(),
            access: access.clone(),
            letterhead: letterhead.clone(),
        };
        let notices = NoticePost {
            mailer: mailer.clone(),
            people: queries.clone(),
            webhooks: queries.clone(),
            letterhead: letterhead.clone(),
        };
        let gift_cards = GiftCardPost {
            mailer: mailer.clone(),
            transactor: transactor.clone(),
            codes: gift_codes,
            clock: clock.clone(),
            letterhead: letterhead.clone(),
        };
        let codes = CodeDrawing { secrets, hasher, transactor: transactor.clone(), clock: clock.clone() };
        let mails = Post { mailer, people: queries.clone(), orders: queries, codes, access, letterhead };
        Ok(Self {
            mails: Arc::new(mails),
            notices: Arc::new(notices),
            money_notices: Arc::new(money_notices),
            review_notices: Arc::new(review_notices),
            reset_links: Arc::new(reset_links),
            gift_cards: Arc::new(gift_cards),
            mailbox,
        })
    }
}

type Sending = (Arc<dyn Mailer>, Option<Arc<dyn Mailbox>>);

fn mailer(shop: &Shop) -> Result<Sending, Failure> {
    let mail = &shop.settings.mail;
    if !mail.sendgrid_api_key.is_empty() {
        let mailer = SendGridMailer::new(&mail.sendgrid_api_base, &mail.sendgrid_api_key, &mail.from)?;
        return Ok((Arc::new(mailer), None));
    }
    if mail.smtp_url.is_empty() {
        let mailbox = Arc::new(FolderMailbox::new(shop.settings.data.folder.join("mail"), shop.clock.clone()));
        return Ok((mailbox.clone(), Some(mailbox)));
    }
    let mailer =
        SmtpMailer::new(&mail.smtp_url, &mail.from).map_err(|error| format!("SMTP_URL, MAIL_FROM: {error}"))?;
    Ok((Arc::new(mailer), None))
}
