//! What somebody says with a gift card, on the wire.

use crate::extract::text;
use crate::problem::Problem;
use chrono::NaiveDate;
use domain::kernel::{DayRefusal, EmailAddress, Gift};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// The most letters of a message.
pub const LONGEST_MESSAGE: u64 = 500;
/// The most letters of a name.
pub const LONGEST_NAME: u64 = 60;

/// To whom a gift card goes, with what words, and when.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiftRequest {
    /// Where it goes.
    #[serde(deserialize_with = "text::trimmed")]
    #[validate(custom(function = text::email))]
    #[schema(format = "email")]
    pub recipient_email: String,
    /// How the mail greets them.
    #[serde(default, deserialize_with = "text::trimmed_or_none")]
    #[validate(length(max = "LONGEST_NAME"), custom(function = text::one_line))]
    #[schema(max_length = 60)]
    pub recipient_name: Option<String>,
    /// From whom it is, as the mail says.
    #[serde(default, deserialize_with = "text::trimmed_or_none")]
    #[validate(length(max = "LONGEST_NAME"), custom(function = text::one_line))]
    #[schema(max_length = 60)]
    pub sender_name: Option<String>,
    /// What the mail says, in lines.
    #[serde(default, deserialize_with = "text::trimmed_or_none")]
    #[validate(length(max = "LONGEST_MESSAGE"), custom(function = lines))]
    #[schema(max_length = 500)]
    pub message: Option<String>,
    /// On which day the mail is sent (at 8:00 UTC); once the order is paid without it. Within a year.
    #[serde(default)]
    pub deliver_on: Option<NaiveDate>,
}

impl GiftRequest {
    /// The gift.
    ///
    /// # Errors
    /// 422 when the address is none.
    pub fn into_domain(self) -> Result<Gift, Problem> {
        let Self { recipient_email, recipient_name, sender_name, message, deliver_on } = self;
        GiftFields { recipient_email, recipient_name, sender_name, message, deliver_on }.into_domain()
    }
}

/// To whom a gift card goes, with what words, and when.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Gift)]
pub struct GiftWords {
    /// Where it goes.
    pub recipient_email: String,
    /// Who gets it.
    #[schema(required)]
    pub recipient_name: Option<String>,
    /// Who gives it.
    #[schema(required)]
    pub sender_name: Option<String>,
    /// What they want to say.
    #[schema(required)]
    pub message: Option<String>,
    /// On which day.
    #[schema(required)]
    pub deliver_on: Option<NaiveDate>,
}

impl From<Gift> for GiftWords {
    fn from(gift: Gift) -> Self {
        Self {
            recipient_email: gift.recipient_email.to_string(),
            recipient_name: gift.recipient_name,
            sender_name: gift.sender_name,
            message: gift.message,
            deliver_on: gift.deliver_on,
        }
    }
}

/// The fields of a gift, as they were handed in and found well-formed.
#[derive(Debug)]
pub struct GiftFields {
    /// Where it goes.
    pub recipient_email: String,
    /// Who gets it.
    pub recipient_name: Option<String>,
    /// Who gives it.
    pub sender_name: Option<String>,
    /// What they want to say.
    pub message: Option<String>,
    /// On which day.
    pub deliver_on: Option<NaiveDate>,
}

impl GiftFields {
    /// The gift.
    ///
    /// # Errors
    /// 422 when the address is none.
    pub fn into_domain(self) -> Result<Gift, Problem> {
        Ok(Gift {
            recipient_email: email_address(&self.recipient_email)?,
            recipient_name: self.recipient_name,
            sender_name: self.sender_name,
            message: self.message.map(|message| message.replace("\r\n", "\n")),
            deliver_on: self.deliver_on,
        })
    }
}

/// An address that was found well-formed.
///
/// # Errors
/// 422 when it is none.
pub fn email_address(text: &str) -> Result<EmailAddress, Problem> {
    let none = |_| Problem::invalid_field("/recipient_email", "email", "is no e-mail address");
    EmailAddress::parse(text).map_err(none)
}

/// Some lines of text with nothing in them that can't be seen.
///
/// # Errors
/// `control-character`, and `too-long`.
pub fn lines(text: &str) -> Result<(), ValidationError> {
    if text.lines().count() > 20 {
        return Err(ValidationError::new("too-long").with_message("must have 20 lines at the most".into()));
    }
    text.lines().try_for_each(text::one_line)
}

/// Why a gift can't come on its day, as the field `pointer`.
#[must_use]
pub fn of_day(refusal: DayRefusal, pointer: &str) -> Problem {
    match refusal {
        DayRefusal::Past => Problem::invalid_field(pointer, "past", "must not be over"),
        DayRefusal::TooFar => Problem::invalid_field(pointer, "out-of-range", "must be within a year"),
    }
}
