//! Recovery codes: ten for the day when the authenticator app is lost, each good once.

use crate::kernel::crockford;
use std::fmt;

/// A code of 50 bits, written `xxxxx-xxxxx`. Never shown: its `Debug` is silent.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

impl RecoveryCode {
    /// How many an account is given at once.
    pub const COUNT: usize = 10;
    const LENGTH: usize = 10;

    /// Out of unpredictable bits: five of each of the first ten bytes.
    #[must_use]
    pub fn draw(bits: [u8; 32]) -> Self {
        Self::written(&crockford::draw(bits.into_iter().take(Self::LENGTH)))
    }

    /// Reads one as people type it. `None` when it can be no recovery code.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        crockford::read(text, Self::LENGTH).map(|code| Self::written(&code))
    }

    /// The code, for its owner and for who digests it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    fn written(code: &str) -> Self {
        Self(crockford::grouped(&code.to_ascii_lowercase(), Self::LENGTH / 2))
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

/// What someone types where a second factor is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactorCode {
    /// Six digits of the authenticator app.
    Totp(String),
    /// A recovery code.
    Recovery(RecoveryCode),
}

impl FactorCode {
    /// Tells which of the two it is. `None` when it can be neither.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        if digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(Self::Totp(digits));
        }
        RecoveryCode::parse(text).map(Self::Recovery)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_code_has_two_groups_of_five() {
        let mut bits = [0; 32];
        bits[4] = 31;
        bits[9] = 255;
        assert_eq!(RecoveryCode::draw(bits).expose(), "0000z-0000z");
    }

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = RecoveryCode::parse("ab1d0-zz234").unwrap();
        for typed in ["AB1D0-ZZ234", "ab1d0zz234", " abld o zz2 34 ", "abIdO-zz234"] {
            assert_eq!(RecoveryCode::parse(typed).as_ref(), Some(&code), "{typed}");
        }
    }

    #[test]
    fn what_is_no_code_is_not_taken_for_one() {
        for typed in ["", "ab1d0-zz23", "ab1d0-zz2345", "ab1d0-zz23u", "ab1d0_zz234", "ab1d0-zz23é"] {
            assert_eq!(RecoveryCode::parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn six_digits_are_of_the_app_and_ten_characters_a_recovery_code() {
        assert_eq!(FactorCode::parse(" 123 456 "), Some(FactorCode::Totp("123456".to_owned())));
        assert!(matches!(FactorCode::parse("12345-67890"), Some(FactorCode::Recovery(_))));
        for neither in ["12345", "1234567", "12345a", "１２３４５６"] {
            assert_eq!(FactorCode::parse(neither), None, "{neither}");
        }
    }

    #[test]
    fn a_code_does_not_show_itself() {
        assert_eq!(format!("{:?}", RecoveryCode::draw([7; 32])), "RecoveryCode(…)");
    }

    proptest! {
        #[test]
        fn whatever_is_drawn_is_read_back(bits: [u8; 32]) {
            let code = RecoveryCode::draw(bits);
            prop_assert_eq!(RecoveryCode::parse(code.expose()), Some(code));
        }

        #[test]
        fn nothing_that_is_typed_makes_reading_fail(text: String) {
            let _ = FactorCode::parse(&text);
        }
    }
}
