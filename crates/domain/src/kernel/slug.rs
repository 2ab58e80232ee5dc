//! The readable part of an address: `solitaire-ring-in-white-gold`.

use super::fold;
use std::fmt;

/// 1 to 120 lower-case letters and digits of ASCII, in words joined by single dashes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

/// The text is no slug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a slug: lower-case letters, digits and single dashes")]
pub struct InvalidSlug;

const LONGEST: usize = 120;

impl Slug {
    /// Takes a slug as written.
    ///
    /// # Errors
    /// [`InvalidSlug`] when it has anything else than words of `a-z0-9` joined by single dashes.
    pub fn parse(text: &str) -> Result<Self, InvalidSlug> {
        let is_word = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let valid = text.len() <= LONGEST && text.split('-').all(is_word);
        if valid { Ok(Self(text.to_owned())) } else { Err(InvalidSlug) }
    }

    /// Makes a slug from a title; what has no letter of ASCII (accents are dropped where they can be) leaves `fallback`.
    #[must_use]
    pub fn from_title(title: &str, fallback: &str) -> Self {
        let folded = fold(title);
        let words: Vec<&str> = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
        let mut slug = words.join("-");
        slug.truncate(LONGEST - 10);
        let slug = slug.trim_end_matches('-');
        Self(if slug.is_empty() { fallback.to_owned() } else { slug.to_owned() })
    }

    /// The same slug with a distinguishing end, for when it is taken.
    #[must_use]
    pub fn with_suffix(&self, suffix: &str) -> Self {
        Self(format!("{}-{suffix}", self.0))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_title_becomes_words_joined_by_dashes() {
        assert_eq!(Slug::from_title("Élodie — Ring, 18 ct!", "x").as_str(), "elodie-ring-18-ct");
        assert_eq!(Slug::from_title("指輪", "product").as_str(), "product");
    }

    #[test]
    fn odd_shapes_are_refused() {
        for text in ["", "-a", "a-", "a--b", "A", "a b", "ä"] {
            assert_eq!(Slug::parse(text), Err(InvalidSlug), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_a_title_makes_is_always_a_slug(title in ".{0,300}") {
            let slug = Slug::from_title(&title, "product");
            prop_assert_eq!(Slug::parse(slug.as_str()), Ok(slug));
        }
    }
}
