//! The shop as a provider knows it, and what is made of its words before they go further.

use application::identity::social::ports::ProviderError;
use domain::kernel::EmailAddress;

/// The shop as it is registered with a provider.
#[derive(Clone)]
pub struct RegisteredClient {
    /// Its id there.
    pub id: String,
    /// Its secret there.
    pub secret: String,
    /// Where the provider sends the browser back to.
    pub callback_url: String,
}

impl std::fmt::Debug for RegisteredClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RegisteredClient").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A provider's setting can't be used.
#[derive(Debug, thiserror::Error)]
pub enum InvalidProvider {
    /// Not an address.
    #[error("not an address: {0}")]
    Address(#[from] url::ParseError),
    /// The HTTP client can't be made.
    #[error("no HTTP client: {0}")]
    Http(#[from] reqwest::Error),
}

/// A name as we keep names: one line, trimmed, at most a hundred characters.
pub(super) fn display_name(text: &str) -> Option<String> {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let short: String = line.trim().chars().take(100).collect();
    let name = short.trim_end();
    (!name.is_empty()).then(|| name.to_owned())
}

/// An address, if it can be one.
pub(super) fn address(text: &str) -> Option<EmailAddress> {
    EmailAddress::parse(text).ok()
}

/// A subject that can be kept: OpenID Connect allows 255 characters of ASCII.
pub(super) fn subject(text: &str) -> Result<String, ProviderError> {
    let usable = !text.is_empty() && text.len() <= 255 && text.chars().all(|c| c == ' ' || c.is_ascii_graphic());
    if usable { Ok(text.to_owned()) } else { Err(ProviderError::Refused("the subject is unusable".to_owned())) }
}

/// An access token that can stand in a header.
pub(super) fn bearer(token: &str) -> Result<&str, ProviderError> {
    let usable = !token.is_empty() && token.chars().all(|c| c.is_ascii_graphic());
    if usable { Ok(token) } else { Err(ProviderError::Refused("the access token is unusable".to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_short_line() {
        assert_eq!(display_name("  Ada\nLovelace\0 "), Some("Ada Lovelace".to_owned()));
        assert_eq!(display_name(&"é".repeat(200)).unwrap().chars().count(), 100);
        assert_eq!(display_name(" \t"), None);
    }

    #[test]
    fn a_subject_that_cannot_be_kept_is_refused() {
        assert_eq!(subject("auth0|5f7c").unwrap(), "auth0|5f7c");
        for odd in ["", "é", "a\nb", &"a".repeat(256)] {
            assert!(matches!(subject(odd), Err(ProviderError::Refused(_))), "{odd}");
        }
    }

    #[test]
    fn a_token_with_a_line_break_never_gets_into_a_header() {
        assert!(bearer("gho_16C7e42F292c6912E7710c838347Ae178B4a").is_ok());
        assert!(bearer("a\r\nX-Evil: 1").is_err());
    }

    #[test]
    fn a_secret_does_not_show_itself() {
        let client = RegisteredClient { id: "shop".into(), secret: "hidden".into(), callback_url: String::new() };
        assert!(!format!("{client:?}").contains("hidden"));
    }
}
