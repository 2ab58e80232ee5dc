//! The pages under `/problems/`, to which the `type` of a problem leads.

use super::{Problem, registry};
use crate::pages;
use actix_web::{HttpResponse, get, web};

/// The page of one kind.
#[get("/problems/{code}")]
pub async fn problem_page(code: web::Path<String>) -> Result<HttpResponse, Problem> {
    let kind = registry::find(&code).ok_or(Problem::new(&registry::NOT_FOUND))?;
    let (status, code) = (kind.status.as_u16(), kind.code);
    let body = format!(
        "<p class=\"mark\">{status}</p><h1>{}</h1><p>{}</p><p class=\"quiet\"><code>{code}</code></p>\
         <p><a href=\"/problems/\">All problems</a></p>",
        pages::escape(kind.title),
        pages::escape(kind.explanation)
    );
    Ok(pages::page(kind.title, &body))
}

/// The list of all kinds.
#[get("/problems/")]
pub async fn problem_list() -> HttpResponse {
    let row = |kind: &&registry::Kind| {
        let (code, status) = (kind.code, kind.status.as_u16());
        let title = pages::escape(kind.title);
        format!(
            "<tr><td>{status}</td><td><a href=\"/problems/{code}\"><code>{code}</code></a></td><td>{title}</td></tr>"
        )
    };
    let rows: String = registry::ALL.iter().map(row).collect();
    pages::page("Problems", &format!("<h1>Problems</h1><table>{rows}</table>"))
}

/// The pages' routes.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(problem_list).service(problem_page);
}
