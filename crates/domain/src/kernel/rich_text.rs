//! Descriptions with a little formatting, safe to put into a page.

use std::collections::HashSet;

/// HTML with nothing in it but paragraphs, lists, small headings, emphasis and links to other sites.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RichText(String);

impl RichText {
    /// Keeps the harmless part of some HTML: scripts, styles, pictures and every attribute but a link's address go
    /// (OWASP: sanitise HTML with an allow-list).
    #[must_use]
    pub fn sanitise(html: &str) -> Self {
        let tags = HashSet::from(["p", "br", "strong", "em", "b", "i", "ul", "ol", "li", "h3", "h4", "a"]);
        let clean = ammonia::Builder::new()
            .tags(tags)
            .tag_attributes([("a", HashSet::from(["href"]))].into())
            .generic_attributes(HashSet::new())
            .url_schemes(HashSet::from(["https", "http", "mailto"]))
            .link_rel(Some("noopener noreferrer nofollow"))
            .clean(html)
            .to_string();
        Self(clean.trim().to_owned())
    }

    /// Text that is known to be safe, because [`RichText::sanitise`] made it before it was stored.
    #[must_use]
    pub const fn trusted(html: String) -> Self {
        Self(html)
    }

    /// The HTML.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_handlers_and_styles_do_not_survive() {
        let text = RichText::sanitise(r#"<p onclick="x()" style="a">Gold<script>alert(1)</script><img src=x></p>"#);
        assert_eq!(text.as_str(), "<p>Gold</p>");
    }

    #[test]
    fn links_keep_their_address_unless_it_is_a_script() {
        let text = RichText::sanitise(r#"<a href="javascript:x()">a</a><a href="https://example.com">b</a>"#);
        assert_eq!(
            text.as_str(),
            r#"<a rel="noopener noreferrer nofollow">a</a><a href="https://example.com" rel="noopener noreferrer nofollow">b</a>"#
        );
    }

    #[test]
    fn sanitising_twice_changes_nothing() {
        let once = RichText::sanitise("<p>a &amp; b <strong>c</strong> < d</p>");
        assert_eq!(RichText::sanitise(once.as_str()), once);
    }
}
