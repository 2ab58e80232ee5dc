//! Whether Stripe moves real money. The key decides it, and Stripe says it of every object.

/// What kind of money a key moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Real money.
    Live,
    /// Play money.
    Test,
}

impl Mode {
    /// Of a key (`sk_live_...`, `rk_test_...`).
    pub fn of_key(key: &str) -> Self {
        let is_live = ["sk_live_", "rk_live_"].iter().any(|beginning| key.starts_with(beginning));
        if is_live { Self::Live } else { Self::Test }
    }

    /// Whether it is real money.
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Live)
    }

    /// Whether an object is of the other mode.
    pub const fn is_foreign(self, livemode: bool) -> bool {
        self.is_live() != livemode
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_says_whether_money_is_real() {
        for (key, is_live) in [
            ("sk_live_1", true),
            ("rk_live_1", true),
            ("sk_test_1", false),
            ("rk_test_1", false),
            ("sk_test_sk_live_", false),
        ] {
            let mode = Mode::of_key(key);
            assert_eq!((mode.is_live(), mode.is_foreign(is_live), mode.is_foreign(!is_live)), (is_live, false, true));
        }
    }
}
