//! The few pages that the server renders itself: explanations of problems, the sandbox's payment page, the development
//! mailbox. They share one stylesheet, which is served as a file so that the strict Content-Security-Policy holds.

use actix_web::http::header::{CACHE_CONTROL, ContentType};
use actix_web::{HttpResponse, get, web};

/// A page around a body that is HTML already.
#[must_use]
pub fn page(title: &str, body: &str) -> HttpResponse {
    let title = escape(title);
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title} · Carat</title>\
         <link rel=\"icon\" href=\"data:,\"><link rel=\"stylesheet\" href=\"/pages.css\"></head>\
         <body><main><p class=\"shop\">Carat</p><div class=\"card\">{body}</div></main></body></html>"
    );
    HttpResponse::Ok().content_type(ContentType::html()).body(html)
}

/// Text as it may stand in HTML, in an attribute too.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[get("/pages.css")]
async fn stylesheet() -> HttpResponse {
    let style = include_str!("pages.css");
    HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .insert_header((CACHE_CONTROL, "public, max-age=3600"))
        .body(style)
}

/// The stylesheet.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(stylesheet);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_leave_its_place_in_a_page() {
        assert_eq!(escape("<a href='\"'>&"), "&lt;a href=&#39;&quot;&#39;&gt;&amp;");
    }
}
