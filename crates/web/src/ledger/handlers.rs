//! Handlers of balances and movements.

use super::csv;
use super::dto::{Balance, TransactionPage};
use super::query::{ExportQuery, TransactionsParams, TransactionsQuery};
use crate::extract::{InOrder, PageQuery, Permitted, ValidQuery};
use crate::problem::{Problem, ProblemDocument};
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, get, web};
use application::RepositoryError;
use application::identity::Allowed;
use application::identity::policy::ViewTransactions;
use application::ledger::ports::{Movement, MovementFilter};
use application::ledger::view::ViewMovements;
use domain::kernel::{Cursor, Limit, Page, PageRequest};
use futures_util::stream;
use std::sync::Arc;

type Answer = Result<HttpResponse, Problem>;

/// Your store balance, one amount for each currency.
#[utoipa::path(operation_id = "get_balance", tag = "ledger", security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, description = "The balance", body = Balance),
    (status = 403, description = "`api-key-scope-missing`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/users/me/balance")]
pub async fn get_balance(caller: Permitted<ViewTransactions>, desk: web::Data<dyn ViewMovements>) -> Answer {
    let balances = desk.balances(&caller.0).await?;
    Ok(HttpResponse::Ok().json(Balance { data: balances.into_iter().map(Into::into).collect() }))
}

/// Your own movements of money, newest first.
#[utoipa::path(operation_id = "list_transactions", tag = "ledger", security(("bearer" = []), ("cookie" = [])),
    params(TransactionsParams, PageQuery), responses(
    (status = 200, description = "A page of movements", body = TransactionPage),
    (status = 403, description = "`api-key-scope-missing`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/transactions")]
pub async fn list_transactions(
    input: InOrder<Permitted<ViewTransactions>, ValidQuery<TransactionsQuery>>,
    desk: web::Data<dyn ViewMovements>,
) -> Answer {
    let InOrder(Permitted(caller), ValidQuery(query)) = input;
    let page = desk.list(&caller, &query.filter, &query.page).await?;
    Ok(HttpResponse::Ok().json(TransactionPage::page(TransactionsQuery::LIST, page)))
}

/// All of your own movements as CSV, newest first. Amounts are decimal, in the currency beside them.
#[utoipa::path(operation_id = "export_transactions", tag = "ledger", security(("bearer" = []), ("cookie" = [])),
    params(TransactionsParams), responses(
    (status = 200, description = "The movements, as a file", body = String, content_type = "text/csv", headers(("Content-Disposition" = String, description = "The name of the file"))),
    (status = 403, description = "`api-key-scope-missing`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/transactions.csv")]
pub async fn export_transactions(
    input: InOrder<Permitted<ViewTransactions>, ValidQuery<ExportQuery>>,
    desk: web::Data<dyn ViewMovements>,
) -> Answer {
    let InOrder(Permitted(caller), ValidQuery(ExportQuery(filter))) = input;
    let pages = Pages { desk: desk.into_inner(), caller, filter };
    let first = pages.after(None).await?; // a database that is away is told before the file begins
    let text = stream::try_unfold(Some((csv::HEADER, first)), move |rest| pages.clone().text(rest));
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"transactions.csv\""))
        .streaming(text))
}

/// All pages of someone's movements, one after the other.
#[derive(Clone)]
struct Pages {
    desk: Arc<dyn ViewMovements>,
    caller: Allowed<ViewTransactions>,
    filter: MovementFilter,
}

/// What is still to be written: a beginning, and a page.
type Rest = Option<(&'static str, Page<Movement>)>;

impl Pages {
    async fn after(&self, cursor: Option<Cursor>) -> Result<Page<Movement>, RepositoryError> {
        let request = PageRequest { limit: Limit::new(100).unwrap_or_default(), after: cursor };
        self.desk.list(&self.caller, &self.filter, &request).await
    }

    /// The text of a page, and the page after it.
    async fn text(self, rest: Rest) -> Result<Option<(Bytes, Rest)>, RepositoryError> {
        let Some((beginning, page)) = rest else { return Ok(None) };
        let text: String = std::iter::once(beginning.to_owned()).chain(page.data.iter().map(csv::line)).collect();
        let next = match page.next {
            Some(cursor) => Some(("", self.after(Some(cursor)).await?)),
            None => None,
        };
        Ok(Some((text.into(), next)))
    }
}
