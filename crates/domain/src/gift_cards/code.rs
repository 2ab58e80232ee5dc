//! The code of a gift card: whoever knows it has the money.

use crate::kernel::crockford;
use std::fmt;

/// 120 unpredictable bits as 24 characters of Crockford's base 32, without dashes. Never shown: its `Debug` is silent.
#[derive(Clone, PartialEq, Eq)]
pub struct GiftCardCode(String);

impl GiftCardCode {
    const LENGTH: usize = 24;
    const GROUP: usize = 4;

    /// Out of unpredictable bits: five of each of the first 24 bytes.
    #[must_use]
    pub fn draw(bits: [u8; 32]) -> Self {
        Self(crockford::draw(bits.into_iter().take(Self::LENGTH)))
    }

    /// Reads one as people type it. `None` when it can be no gift card's.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        crockford::read(text, Self::LENGTH).map(Self)
    }

    /// The code as it is digested: in capitals, without dashes.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The code as it is handed out, in groups of four.
    #[must_use]
    pub fn written(&self) -> String {
        crockford::grouped(&self.0, Self::GROUP)
    }

    /// The last four characters, by which a card is told from others.
    #[must_use]
    pub fn last4(&self) -> String {
        self.0.chars().skip(Self::LENGTH - Self::GROUP).collect()
    }
}

impl fmt::Debug for GiftCardCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GiftCardCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_code_is_six_groups_of_four() {
        let mut bits = [0; 32];
        bits[23] = 31;
        let code = GiftCardCode::draw(bits);
        assert_eq!(code.written(), "0000-0000-0000-0000-0000-000Z");
        assert_eq!(code.last4(), "000Z");
    }

    #[test]
    fn neither_case_nor_dashes_nor_spaces_count() {
        let code = GiftCardCode::parse("ABCD-EFGH-JKMN-PQRS-TVWX-YZ01").unwrap();
        assert_eq!(code.expose(), "ABCDEFGHJKMNPQRSTVWXYZ01", "as it is digested");
        for typed in ["abcdefghjkmnpqrstvwxyzoi", " abcd efgh jkmn pqrs tvwx yz0l "] {
            assert_eq!(GiftCardCode::parse(typed).as_ref(), Some(&code), "{typed}");
        }
        for wrong in ["", "ABCD", "ABCD-EFGH-JKMN-PQRS-TVWX-YZ012", "ABCD-EFGH-JKMN-PQRS-TVWX-YZ0U"] {
            assert_eq!(GiftCardCode::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_code_does_not_show_itself() {
        assert_eq!(format!("{:?}", GiftCardCode::draw([7; 32])), "GiftCardCode(…)");
    }

    proptest! {
        #[test]
        fn whatever_is_drawn_is_read_back(bits: [u8; 32]) {
            let code = GiftCardCode::draw(bits);
            prop_assert_eq!(GiftCardCode::parse(&code.written()), Some(code));
        }
    }
}
