//! Text as people type it: spaces around it go, and what can't be seen is refused. Used by serde and by `validator` on
//! the fields of request bodies.

use crate::problem::{FieldError, Problem};
use domain::identity::{Password, PasswordFault};
use domain::kernel::{Currency, EmailAddress, Slug};
use serde::{Deserialize, Deserializer};
use serde_json::json;
use std::borrow::Cow;
use validator::ValidationError;

/// Text without the spaces around it.
///
/// # Errors
/// When it is no text.
pub fn trimmed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(String::deserialize(deserializer)?.trim().to_owned())
}

/// The same where there may be none; text of nothing but spaces counts as none.
///
/// # Errors
/// When it is neither text nor null.
pub fn trimmed_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()))
}

/// The same where text of nothing but spaces is text of nothing, and not none.
///
/// # Errors
/// When it is neither text nor null.
pub fn trimmed_if_given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.map(|text| text.trim().to_owned()))
}

/// Text without the spaces around it where it may be left out, but not be null.
///
/// # Errors
/// When it is no text.
pub fn trimmed_if_present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    trimmed(deserializer).map(Some)
}

/// Text that may be left out, or taken away by null; text of nothing but spaces takes it away too.
///
/// # Errors
/// When it is neither text nor null.
pub fn trimmed_or_taken_away<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    trimmed_or_none(deserializer).map(Some)
}

/// Tells a field that is null from one that isn't there.
///
/// # Errors
/// When the value is neither null nor of its type.
pub fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

fn fault(code: &'static str, message: &'static str) -> ValidationError {
    ValidationError::new(code).with_message(Cow::Borrowed(message))
}

/// One line of text: no line breaks, nothing that can't be seen.
///
/// # Errors
/// `control-character`.
pub fn one_line(text: &str) -> Result<(), ValidationError> {
    let hidden = |c: char| {
        c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    if text.chars().any(hidden) {
        Err(fault("control-character", "has a character that can't be seen"))
    } else {
        Ok(())
    }
}

/// An e-mail address.
///
/// # Errors
/// `email`.
pub fn email(text: &str) -> Result<(), ValidationError> {
    EmailAddress::parse(text).map(|_| ()).map_err(|_| fault("email", "is no e-mail address"))
}

/// A currency of ISO 4217.
///
/// # Errors
/// `currency`.
pub fn currency(text: &str) -> Result<(), ValidationError> {
    Currency::parse(text).map(|_| ()).map_err(|_| fault("currency", "is no currency of ISO 4217"))
}

/// A slug.
///
/// # Errors
/// `slug`.
pub fn slug(text: &str) -> Result<(), ValidationError> {
    Slug::parse(text).map(|_| ()).map_err(|_| fault("slug", "is no slug: lower-case letters, digits and single dashes"))
}

/// Several slugs.
///
/// # Errors
/// `slug`.
pub fn slugs(texts: &[String]) -> Result<(), ValidationError> {
    texts.iter().try_for_each(|text| slug(text))
}

/// A country: two upper-case letters.
///
/// # Errors
/// `country`.
pub fn country(text: &str) -> Result<(), ValidationError> {
    let valid = text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase());
    if valid { Ok(()) } else { Err(fault("country", "is no country of ISO 3166-1 (two upper-case letters)")) }
}

/// A telephone number as people write it; it is shown to people and never dialled by us.
///
/// # Errors
/// `phone`.
pub fn phone(text: &str) -> Result<(), ValidationError> {
    let usual = |c: char| c.is_ascii_digit() || " +-./()".contains(c);
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let valid = text.chars().all(usual) && (4..=20).contains(&digits);
    if valid { Ok(()) } else { Err(fault("phone", "is no telephone number")) }
}

/// Where a picture is: an address that browsers may fetch without giving anything away.
///
/// # Errors
/// `https-url`.
pub fn https_url(text: &str) -> Result<(), ValidationError> {
    let valid = url::Url::parse(text).is_ok_and(|url| {
        url.scheme() == "https" && url.has_host() && url.username().is_empty() && url.password().is_none()
    });
    let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control() || "\"'<>\\`".contains(c));
    if valid && plain { Ok(()) } else { Err(fault("https-url", "is no address that begins with https://")) }
}

/// The password of an account with this address; every rule that it breaks is told, at once. With an address that is none,
/// by the rules that hold for all.
///
/// # Errors
/// The broken rules, at `/password`.
pub fn password_for(text: &str, email: &str) -> Result<(), ValidationError> {
    let parsed =
        EmailAddress::parse(email).map_or_else(|_| Password::parse(text), |email| Password::parse_for(text, &email));
    let Err(broken) = parsed else { return Ok(()) };
    Err(faults(broken.into_iter().map(password_fault).map(|(code, message)| ("/password", code, message))))
}

/// What is wrong with a new password.
#[must_use]
pub fn weak_password(broken: Vec<PasswordFault>) -> Problem {
    let fault = |(code, message)| FieldError::new("/password", code, message);
    Problem::invalid(broken.into_iter().map(password_fault).map(fault).collect())
}

const fn password_fault(fault: PasswordFault) -> (&'static str, &'static str) {
    match fault {
        PasswordFault::TooShort => ("too-short", "has fewer than 8 characters"),
        PasswordFault::TooLong => ("too-long", "has more than 128 characters"),
        PasswordFault::NoUpperCase => ("no-upper-case", "has no upper-case letter"),
        PasswordFault::NoLowerCase => ("no-lower-case", "has no lower-case letter"),
        PasswordFault::NoDigit => ("no-digit", "has no digit"),
        PasswordFault::NoSpecial => ("no-special", "has no special character"),
        PasswordFault::TooCommon => ("too-common", "is one of those that everybody tries first"),
        PasswordFault::ContainsEmail => ("contains-email", "has your e-mail address, or its name, in it"),
    }
}

/// Several faults of one field or body: where below it (a JSON pointer), which code, which message.
pub fn faults(faults: impl IntoIterator<Item = (&'static str, &'static str, &'static str)>) -> ValidationError {
    let fault = |(pointer, code, message)| json!({"pointer": pointer, "code": code, "message": message});
    let mut error = ValidationError::new("faults");
    error.params.insert(Cow::Borrowed("faults"), faults.into_iter().map(fault).collect());
    error
}

/// The address in a field that was checked before.
///
/// # Errors
/// 422 all the same, should it not have been.
pub fn to_email(text: &str) -> Result<EmailAddress, Problem> {
    EmailAddress::parse(text).map_err(|_| Problem::invalid_field("/email", "email", "is no e-mail address"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_t_be_seen_is_refused() {
        assert!(one_line("Ring “Étoile” 52 💍").is_ok());
        for hidden in ["a\nb", "a\u{0}b", "a\u{202E}b", "\u{7f}"] {
            assert_eq!(one_line(hidden).unwrap_err().code, "control-character");
        }
    }

    #[test]
    fn every_broken_rule_of_a_password_is_told() {
        let codes = |text: &str, email: &str| -> Vec<_> {
            let error = password_for(text, email).unwrap_err();
            let faults = error.params["faults"].as_array().unwrap().clone();
            assert!(faults.iter().all(|fault| fault["pointer"] == "/password"));
            faults.iter().map(|fault| fault["code"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(codes("abc", "ada@example.com"), ["too-short", "no-upper-case", "no-digit", "no-special"]);
        assert_eq!(codes("Lovelace-x", "lovelace@example.com"), ["no-digit", "contains-email"]);
        assert_eq!(codes("lovelace1-", "no address"), ["no-upper-case"]);
        assert!(password_for("Corr3ct-horse", "lovelace@example.com").is_ok());
    }

    #[test]
    fn a_picture_is_fetched_by_https_alone() {
        for good in
            ["https://cdn.example/a.webp", "https://cdn.example:8443/a%20b.webp?w=1#x", "https://käthe.example/"]
        {
            assert!(https_url(good).is_ok(), "{good}");
        }
        let bad = [
            "http://cdn.example/a.webp",
            "javascript:alert(1)",
            "data:image/svg+xml,<svg/>",
            "//cdn.example/a.webp",
            "/a.webp",
            "https://",
            "https://ada:secret@cdn.example/a.webp",
            "https://cdn.example/a b.webp",
            "https://cdn.example/\"onerror=alert(1)",
        ];
        for bad in bad {
            assert_eq!(https_url(bad).unwrap_err().code, "https-url", "{bad}");
        }
    }

    #[test]
    fn a_telephone_number_has_digits_and_what_stands_between_them() {
        assert!(["+33 (0)1 42.86-82/00", "0142868200", "1234"].iter().all(|text| phone(text).is_ok()));
        assert!(
            ["call me", "123", "+49 170 x12345", "", "123456789012345678901"].iter().all(|text| phone(text).is_err())
        );
    }

    #[test]
    fn a_country_is_two_upper_case_letters() {
        assert!(country("DE").is_ok());
        assert!(["de", "DEU", "", "Ä"].iter().all(|text| country(text).is_err()));
    }
}
