//! Stripe's books: its card payments, a hundred at a time and the newest first. Ours are known by the payment in their metadata;
//! an account may serve others too.

use super::StripeGateway;
use super::amount::of_stripes_units;
use application::ledger::check::books::{BookPage, BooksUnreadable, GatewayBooks, Taken};
use async_trait::async_trait;
use domain::kernel::{Currency, PaymentId};
use serde::Deserialize;
use uuid::Uuid;

/// A page of card payments.
#[derive(Debug, Deserialize)]
struct Intents {
    data: Vec<Intent>,
    has_more: bool,
}

/// A card payment, with what became of it.
#[derive(Debug, Deserialize)]
struct Intent {
    id: String,
    status: String,
    livemode: bool,
    amount_received: Option<i64>,
    currency: String,
    metadata: Option<Metadata>,
    latest_charge: Option<Charge>,
}

#[derive(Debug, Deserialize)]
struct Metadata {
    payment_id: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Charge {
    amount_refunded: i64,
}

#[async_trait]
impl GatewayBooks for StripeGateway {
    fn name(&self) -> &'static str {
        "stripe"
    }

    /// Stripe writes into a page's id whether its money is real.
    fn keep(&self, session_id: &str) -> bool {
        session_id.starts_with(if self.mode.is_live() { "cs_live_" } else { "cs_test_" })
    }

    async fn read(&self, from: Option<String>) -> Result<BookPage, BooksUnreadable> {
        let mut query = vec![("limit", "100"), ("expand[]", "data.latest_charge")];
        if let Some(from) = &from {
            query.push(("starting_after", from));
        }
        let page: Intents = self.http.list("/v1/payment_intents", &query).await.map_err(unreadable)?;
        let next = page.data.last().map(|last| last.id.clone()).filter(|_| page.has_more);
        if page.has_more && next.is_none() {
            return Err(unreadable("it has more, and does not say what"));
        }
        let taken = page.data.into_iter().filter_map(|intent| self.taken(intent).transpose());
        Ok(BookPage { taken: taken.collect::<Result<_, _>>()?, next })
    }
}

impl StripeGateway {
    /// `None` for what is not ours, and for what was not paid.
    fn taken(&self, intent: Intent) -> Result<Option<Taken>, BooksUnreadable> {
        let payment = intent.metadata.and_then(|metadata| Uuid::parse_str(&metadata.payment_id?).ok());
        let (Some(payment), "succeeded") = (payment, intent.status.as_str()) else { return Ok(None) };
        if self.mode.is_foreign(intent.livemode) {
            return Err(unreadable("it tells of money of the other mode"));
        }
        let currency = Currency::parse(&intent.currency.to_ascii_uppercase()).map_err(unreadable)?;
        let amount = intent.amount_received.ok_or_else(|| unreadable("it does not say how much it took"))?;
        let given_back = intent.latest_charge.map_or(0, |charge| charge.amount_refunded);
        Ok(Some(Taken {
            name: intent.id,
            payment: PaymentId::new(payment),
            amount: of_stripes_units(amount, currency).map_err(unreadable)?,
            refunded: of_stripes_units(given_back, currency).map_err(unreadable)?,
        }))
    }
}

fn unreadable(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> BooksUnreadable {
    BooksUnreadable(why.into())
}
