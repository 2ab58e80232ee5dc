//! The shapes that every context shares on the wire: money, lists, and a plain message.

pub mod gift;

use crate::extract::page::encode;
use crate::extract::text;
use crate::problem::Problem;
use chrono::{DateTime, Datelike, Utc};
use domain::kernel::Currency;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::ValidationError;

/// The most that a price may be, in minor units: with 999 pieces on 100 lines still a number that JSON's readers hold.
pub const HIGHEST_PRICE: i64 = 50_000_000_000;

/// An amount in the currency's minor unit (cents for the euro, whole yen for the yen).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Minor units; money that leaves is negative.
    #[schema(example = 12999)]
    pub amount: i64,
    /// ISO 4217.
    #[schema(example = "EUR", min_length = 3, max_length = 3)]
    pub currency: String,
}

impl From<domain::kernel::Money> for Money {
    fn from(money: domain::kernel::Money) -> Self {
        Self { amount: money.amount(), currency: money.currency().code().to_owned() }
    }
}

impl Money {
    /// The amount as the rules know it.
    ///
    /// # Errors
    /// 422 when the currency is none.
    pub fn into_domain(self, pointer: &str) -> Result<domain::kernel::Money, Problem> {
        let at = format!("{pointer}/currency");
        let unknown = |_| Problem::invalid_field(&at, "currency", "is no currency of ISO 4217");
        Ok(domain::kernel::Money::new(self.amount, Currency::parse(&self.currency).map_err(unknown)?))
    }
}

/// Money in a currency that there is.
///
/// # Errors
/// `currency`.
pub fn money(money: &Money) -> Result<(), ValidationError> {
    let known = Currency::parse(&money.currency).is_ok();
    if known { Ok(()) } else { Err(text::faults([UNKNOWN_CURRENCY])) }
}

/// A price that a seller asks: more than nothing, and not beyond measure.
///
/// # Errors
/// `currency`, and `out-of-range`.
pub fn price(money: &Money) -> Result<(), ValidationError> {
    let broken = [
        (
            !(1..=HIGHEST_PRICE).contains(&money.amount),
            ("/amount", "out-of-range", "must be between 1 and 50000000000"),
        ),
        (Currency::parse(&money.currency).is_err(), UNKNOWN_CURRENCY),
    ];
    let faults: Vec<_> = broken.into_iter().filter(|(is, _)| *is).map(|(_, fault)| fault).collect();
    if faults.is_empty() { Ok(()) } else { Err(text::faults(faults)) }
}

/// A time of RFC 3339, whose years have four digits. chrono reads longer ones, too, which SQLite would take for earlier.
///
/// # Errors
/// `out-of-range`.
pub fn time(at: &DateTime<Utc>) -> Result<(), ValidationError> {
    let fits = (0..=9999).contains(&at.year());
    let fault = || ValidationError::new("out-of-range").with_message("must have a year of four digits".into());
    if fits { Ok(()) } else { Err(fault()) }
}

const UNKNOWN_CURRENCY: (&str, &str, &str) = ("/currency", "currency", "is no currency of ISO 4217");

/// A line of words.
#[derive(Debug, Serialize, ToSchema)]
pub struct Message {
    /// For people.
    pub message: String,
}

/// The cursor of a page's end, as it is sent.
#[must_use]
pub fn next_cursor(list: &str, next: Option<&domain::kernel::Cursor>) -> Option<String> {
    next.map(|cursor| encode(list, cursor))
}

/// Makes the types of lists: `{"data": [...], "next_cursor": "..." | null}`.
macro_rules! lists {
    ($($(#[$doc:meta])* $name:ident of $row:ty),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, serde::Serialize, utoipa::ToSchema)]
        pub struct $name {
            /// The rows.
            pub data: Vec<$row>,
            /// Where the next page begins; null at the end.
            #[schema(required)]
            pub next_cursor: Option<String>,
        }

        impl $name {
            /// A page of a list of this name, which its cursors carry.
            #[must_use]
            pub fn page<T>(list: &str, page: domain::kernel::Page<T>) -> Self where $row: From<T> {
                let next_cursor = $crate::wire::next_cursor(list, page.next.as_ref());
                Self { data: page.data.into_iter().map(<$row>::from).collect(), next_cursor }
            }
        }
    )*};
}
pub(crate) use lists;
