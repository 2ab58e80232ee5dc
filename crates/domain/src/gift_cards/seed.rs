//! What codes are derived from that must be known again later.

use std::fmt;

/// A random seed under the shop's key. With it and the key the codes of some cards can be told again; once it is erased,
/// nobody can. Never shown: its `Debug` is silent.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedSeed(String);

impl SealedSeed {
    /// As it was sealed.
    #[must_use]
    pub const fn new(sealed: String) -> Self {
        Self(sealed)
    }

    /// The sealed text, to be stored or opened.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SealedSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedSeed(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_does_not_show_itself() {
        assert_eq!(format!("{:?}", SealedSeed::new("sealed".to_owned())), "SealedSeed(…)");
    }
}
