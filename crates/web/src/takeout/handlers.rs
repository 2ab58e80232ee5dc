//! Handlers of taking one's data along.

use super::dto::Export;
use crate::extract::Permitted;
use crate::problem::{Problem, ProblemDocument, registry};
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::{HttpResponse, get, web};
use application::identity::policy::ControlAccount;
use application::takeout::{TakeOut, TakeOutError};

type Answer = Result<HttpResponse, Problem>;

/// Take your data along: everything that is kept of you, as one document. It is noted in your security log.
#[utoipa::path(operation_id = "export_me", tag = "identity", security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, description = "Everything, as a file", body = Export, headers(("Content-Disposition" = String, description = "The name of the file"))),
    (status = 403, description = "`fresh-proof-required`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/users/me/export")]
pub async fn export_me(caller: Permitted<ControlAccount>, desk: web::Data<dyn TakeOut>) -> Answer {
    let this = caller.0.session().map(|proof| proof.session_id);
    let takeout = desk.take_out(&caller.0).await?;
    let name = format!("attachment; filename=\"export-{}.json\"", takeout.exported_at.format("%Y-%m-%d"));
    Ok(HttpResponse::Ok().insert_header((CONTENT_DISPOSITION, name)).json(Export::of(takeout, this)))
}

impl From<TakeOutError> for Problem {
    fn from(error: TakeOutError) -> Self {
        match error {
            TakeOutError::Gone => Self::new(&registry::TOKEN_INVALID),
            TakeOutError::Repository(error) => error.into(),
        }
    }
}
