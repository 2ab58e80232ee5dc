//! E-mail addresses as people mean them: trimmed, and the same whatever their case.

use std::fmt;

/// An address in the form in which it is compared and stored: trimmed and in lower case.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress(String);

/// The text is no e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct InvalidEmail;

impl EmailAddress {
    /// Takes an address as typed. Accepts what mail servers in use accept (the dot-atom form of RFC 5321 with a domain
    /// of at least two labels, at most 254 characters); whether it exists only a mail can tell.
    ///
    /// # Errors
    /// [`InvalidEmail`] when it can't be an address.
    pub fn parse(text: &str) -> Result<Self, InvalidEmail> {
        let address = text.trim().to_lowercase();
        let (local, domain) = address.rsplit_once('@').ok_or(InvalidEmail)?;
        let valid = address.len() <= 254 && is_local_part(local) && is_domain(domain);
        if valid { Ok(Self(address)) } else { Err(InvalidEmail) }
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands in front of the `@`.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.0.rsplit_once('@').map_or(self.as_str(), |(local, _)| local)
    }
}

fn is_local_part(local: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    !local.is_empty()
        && local.len() <= 64
        && local.chars().all(allowed)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    domain.contains('.') && domain.split('.').all(is_label)
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_compared_trimmed_and_without_case() {
        assert_eq!(EmailAddress::parse(" Ada@Example.COM "), EmailAddress::parse("ada@example.com"));
    }

    #[test]
    fn usual_addresses_are_taken() {
        for text in ["a@b.co", "first.last+tag@sub.example.org", "o'neil@example.ie", "käthe@münchen.de"] {
            assert!(EmailAddress::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_delivered_is_refused() {
        for text in
            ["", "a", "@b.co", "a@", "a@b", "a b@c.de", "a@b..de", ".a@b.de", "a..b@c.de", "a@-b.de", "a\n@b.de"]
        {
            assert_eq!(EmailAddress::parse(text), Err(InvalidEmail), "{text}");
        }
        assert_eq!(EmailAddress::parse(&format!("{}@example.com", "a".repeat(65))), Err(InvalidEmail));
    }
}
