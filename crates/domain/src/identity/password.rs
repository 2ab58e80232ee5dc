//! The rule for passwords. Whoever breaks it is told everything at once.

use super::common_password::is_common;
use crate::kernel::EmailAddress;
use std::fmt;

/// A password that obeys the rule. Never shown: its `Debug` is silent.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// One broken rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordFault {
    /// Fewer than 8 characters.
    TooShort,
    /// More than 128 characters.
    TooLong,
    /// No upper-case letter.
    NoUpperCase,
    /// No lower-case letter.
    NoLowerCase,
    /// No digit.
    NoDigit,
    /// No special character.
    NoSpecial,
    /// Long enough, but one of those that everybody tries first.
    TooCommon,
    /// The account's address, or one with the name in front of its `@`.
    ContainsEmail,
}

impl Password {
    /// Takes a password: 8 to 128 characters with an upper-case letter, a lower-case letter, a digit and a special
    /// character (anything that is neither letter nor digit), and none of those that everybody tries first.
    ///
    /// # Errors
    /// Every rule that it breaks.
    pub fn parse(text: &str) -> Result<Self, Vec<PasswordFault>> {
        let length = text.chars().count();
        let broken = [
            (length < 8, PasswordFault::TooShort),
            (length > 128, PasswordFault::TooLong),
            (!text.chars().any(char::is_uppercase), PasswordFault::NoUpperCase),
            (!text.chars().any(char::is_lowercase), PasswordFault::NoLowerCase),
            (!text.chars().any(char::is_numeric), PasswordFault::NoDigit),
            (text.chars().all(char::is_alphanumeric), PasswordFault::NoSpecial),
            (length >= 8 && is_common(text), PasswordFault::TooCommon),
        ];
        let faults: Vec<PasswordFault> = broken.into_iter().filter(|(is, _)| *is).map(|(_, fault)| fault).collect();
        if faults.is_empty() { Ok(Self(text.to_owned())) } else { Err(faults) }
    }

    /// The same for the account with this address, which may not be the password, and whose name in front of the `@` may
    /// not stand in it, whatever its case. Names of fewer than four characters stand in too much by chance to be looked for.
    ///
    /// # Errors
    /// Every rule that it breaks.
    pub fn parse_for(text: &str, email: &EmailAddress) -> Result<Self, Vec<PasswordFault>> {
        let parsed = Self::parse(text);
        if !tells(text, email) {
            return parsed;
        }
        let mut faults = parsed.err().unwrap_or_default();
        faults.push(PasswordFault::ContainsEmail);
        Err(faults)
    }

    /// The password, for the hasher alone.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Whether a password is an address, or has its name in it.
fn tells(text: &str, email: &EmailAddress) -> bool {
    let text = text.to_lowercase();
    let name = email.local_part();
    text == email.as_str() || (name.chars().count() >= 4 && text.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_told_every_rule_it_breaks_at_once() {
        let faults = Password::parse("abc").unwrap_err();
        assert_eq!(
            faults,
            [PasswordFault::TooShort, PasswordFault::NoUpperCase, PasswordFault::NoDigit, PasswordFault::NoSpecial]
        );
    }

    #[test]
    fn the_length_is_counted_in_characters() {
        assert!(Password::parse("Aa1!ééé").is_err());
        assert!(Password::parse("Aa1!éééé").is_ok());
        assert!(Password::parse(&format!("Aa1!{}", "é".repeat(124))).is_ok());
        assert_eq!(Password::parse(&format!("Aa1!{}", "é".repeat(125))), Err(vec![PasswordFault::TooLong]));
    }

    #[test]
    fn a_password_that_everybody_tries_first_is_refused() {
        assert_eq!(Password::parse("Password1!"), Err(vec![PasswordFault::TooCommon]));
        assert_eq!(
            Password::parse("qwerty12"),
            Err(vec![PasswordFault::NoUpperCase, PasswordFault::NoSpecial, PasswordFault::TooCommon])
        );
        assert!(Password::parse("Carat-demo-1").is_ok());
    }

    #[test]
    fn a_password_that_has_the_accounts_name_in_it_is_refused() {
        let parse = |text: &str, email: &str| Password::parse_for(text, &EmailAddress::parse(email).unwrap());
        for (text, email) in [
            ("Lovelace-1!", "lovelace@example.com"),
            ("My-LOVELACE-1", "Lovelace@example.com"),
            ("Käthe-2024!", "KÄTHE@example.de"),
            ("Anna-1815", "anna@example.com"),
        ] {
            assert_eq!(parse(text, email), Err(vec![PasswordFault::ContainsEmail]), "{text} of {email}");
        }
        assert_eq!(parse("A1@Exa.co", "a1@exa.co"), Err(vec![PasswordFault::ContainsEmail]), "the address itself");
        assert!(parse("Ada-Lovelace-1", "ada@example.com").is_ok(), "three letters stand in many words");
        assert!(parse("Example-1815", "anna@example.com").is_ok(), "the host is not looked for");
    }

    #[test]
    fn the_name_in_it_is_told_with_all_other_faults() {
        let email = EmailAddress::parse("lovelace@example.com").unwrap();
        let faults = Password::parse_for("lovelace", &email).unwrap_err();
        let expected = [
            PasswordFault::NoUpperCase,
            PasswordFault::NoDigit,
            PasswordFault::NoSpecial,
            PasswordFault::ContainsEmail,
        ];
        assert_eq!(faults, expected);
    }

    #[test]
    fn a_password_does_not_show_itself() {
        let password = Password::parse("Secret-123").unwrap();
        assert!(!format!("{password:?}").contains("Secret"));
    }
}
