//! A seller's statement and earnings: how they are asked for, and how they look on the wire.

use super::csv::{decimal, text};
use super::dto::TransactionKind;
use super::query::{NO_TIME, moment};
use crate::extract::{FromQuery, InOrder, PageQuery, Permitted, QueryReader, ValidQuery};
use crate::problem::{Problem, ProblemDocument};
use crate::wire::{Money, next_cursor};
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, get, web};
use application::RepositoryError;
use application::identity::Allowed;
use application::identity::policy::ViewSales;
use application::ledger::statement::{Statement, StatementLine as Line, StatementWish, ViewStatements};
use chrono::{DateTime, SecondsFormat, Utc};
use domain::kernel::{Currency, Cursor, Limit, OrderId, PageRequest, PayoutId};
use futures_util::stream;
use serde::Serialize;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

type Answer = Result<HttpResponse, Problem>;
const LIST: &str = "statement";
const HEADER: &str = "id,created_at,kind,amount,currency,fee,balance_after,order_id,order_number,payout_id\r\n";

/// The parameters of statements.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the OpenAPI document's view of `StatementQuery`, which reads them")]
pub struct StatementParams {
    /// In this currency; the shop's without it.
    #[param(example = "EUR", min_length = 3, max_length = 3)]
    currency: Option<String>,
    /// Only from this moment on, or from the beginning of this day (UTC).
    #[param(example = "2026-11-01")]
    from: Option<String>,
    /// Only before this moment, or until the end of this day (UTC).
    #[param(example = "2026-11-30")]
    to: Option<String>,
}

/// Which part of a statement.
#[derive(Debug)]
pub struct StatementQuery {
    wish: StatementWish,
    page: PageRequest,
}

/// All of it.
#[derive(Debug)]
pub struct StatementExport(StatementWish);

impl FromQuery for StatementQuery {
    fn read(query: &mut QueryReader) -> Self {
        let wish = wish(query);
        Self { wish, page: PageQuery::read(query).of_list(LIST, query) }
    }
}

impl FromQuery for StatementExport {
    fn read(query: &mut QueryReader) -> Self {
        Self(wish(query))
    }
}

fn wish(query: &mut QueryReader) -> StatementWish {
    let currency = |code: &str| Currency::parse(code).ok();
    StatementWish {
        currency: query.parsed("currency", "currency", "is no currency of ISO 4217", currency),
        from: query.parsed("from", "time", NO_TIME, |text| moment(text, 0)),
        to: query.parsed("to", "time", NO_TIME, |text| moment(text, 1)),
    }
}

/// A part of a statement, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatementPage {
    /// What moved.
    pub data: Vec<StatementLine>,
    /// What you were owed before the period.
    pub opening: Money,
    /// What you were owed after it.
    pub closing: Money,
    /// Where the next page begins; null at the end.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// Something that moved what you are owed.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatementLine {
    /// Its id.
    pub id: Uuid,
    /// What happened.
    pub kind: TransactionKind,
    /// How much; negative where you are owed less since.
    pub amount: Money,
    /// The platform's fee of a sale; negative where it was given back with a refund.
    #[schema(required)]
    pub fee: Option<Money>,
    /// What you were owed afterwards.
    pub balance_after: Money,
    /// The order.
    #[schema(required)]
    pub order_id: Option<Uuid>,
    /// Its number.
    #[schema(required)]
    pub order_number: Option<String>,
    /// The payout.
    #[schema(required)]
    pub payout_id: Option<Uuid>,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl From<Line> for StatementLine {
    fn from(line: Line) -> Self {
        Self {
            id: line.id.uuid(),
            kind: line.kind.into(),
            amount: line.amount.into(),
            fee: line.fee.map(Into::into),
            balance_after: line.balance_after.into(),
            order_id: line.order_id.map(OrderId::uuid),
            order_number: line.order_number,
            payout_id: line.payout_id.map(PayoutId::uuid),
            created_at: line.created_at,
        }
    }
}

/// What you are owed in one currency.
#[derive(Debug, Serialize, ToSchema)]
pub struct Earnings {
    /// What you are owed now; negative where more was given back than earned.
    pub balance: Money,
    /// What you were sent in all.
    pub paid_out: Money,
}

/// What you are owed.
#[derive(Debug, Serialize, ToSchema)]
pub struct EarningsList {
    /// One for each currency in which you ever earned.
    pub data: Vec<Earnings>,
}

/// What you earned, gave back and were sent, with what you were owed before and after; the newest first.
#[utoipa::path(operation_id = "get_statement", tag = "ledger", security(("bearer" = []), ("cookie" = [])),
    params(StatementParams, PageQuery), responses(
    (status = 200, description = "A part of the statement", body = StatementPage),
    (status = 403, description = "`seller-role-required`, `email-not-verified`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/seller/statement")]
pub async fn get_statement(
    input: InOrder<Permitted<ViewSales>, ValidQuery<StatementQuery>>,
    desk: web::Data<dyn ViewStatements>,
) -> Answer {
    let InOrder(Permitted(caller), ValidQuery(StatementQuery { wish, page })) = input;
    let Statement { lines, opening, closing } = desk.statement(&caller, &wish, &page).await?;
    let next_cursor = next_cursor(LIST, lines.next.as_ref());
    let data = lines.data.into_iter().map(Into::into).collect();
    let page = StatementPage { data, opening: opening.into(), closing: closing.into(), next_cursor };
    Ok(HttpResponse::Ok().json(page))
}

/// The whole statement as CSV, the newest first. Amounts are decimal, in the currency beside them.
#[utoipa::path(operation_id = "export_statement", tag = "ledger", security(("bearer" = []), ("cookie" = [])),
    params(StatementParams), responses(
    (status = 200, description = "The statement, as a file", body = String, content_type = "text/csv", headers(("Content-Disposition" = String, description = "The name of the file"))),
    (status = 403, description = "`seller-role-required`, `email-not-verified`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/seller/statement.csv")]
pub async fn export_statement(
    input: InOrder<Permitted<ViewSales>, ValidQuery<StatementExport>>,
    desk: web::Data<dyn ViewStatements>,
) -> Answer {
    let InOrder(Permitted(caller), ValidQuery(StatementExport(wish))) = input;
    let pages = Pages { desk: desk.into_inner(), caller, wish };
    let first = pages.after(None).await?; // a database that is away is told before the file begins
    let text = stream::try_unfold(Some((HEADER, first)), move |rest| pages.clone().text(rest));
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"statement.csv\""))
        .streaming(text))
}

/// What you are owed and were sent, one line for each currency.
#[utoipa::path(operation_id = "get_earnings", tag = "ledger", security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, description = "What you are owed", body = EarningsList),
    (status = 403, description = "`seller-role-required`, `email-not-verified`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/seller/earnings")]
pub async fn get_earnings(caller: Permitted<ViewSales>, desk: web::Data<dyn ViewStatements>) -> Answer {
    let all = desk.earnings(&caller.0).await?;
    let data = all.into_iter().map(|one| Earnings { balance: one.balance.into(), paid_out: one.paid_out.into() });
    Ok(HttpResponse::Ok().json(EarningsList { data: data.collect() }))
}

/// All pages of a statement, one after the other.
#[derive(Clone)]
struct Pages {
    desk: Arc<dyn ViewStatements>,
    caller: Allowed<ViewSales>,
    wish: StatementWish,
}

/// What is still to be written: a beginning, and a page.
type Rest = Option<(&'static str, Statement)>;

impl Pages {
    async fn after(&self, cursor: Option<Cursor>) -> Result<Statement, RepositoryError> {
        let request = PageRequest { limit: Limit::new(100).unwrap_or_default(), after: cursor };
        self.desk.statement(&self.caller, &self.wish, &request).await
    }

    async fn text(self, rest: Rest) -> Result<Option<(Bytes, Rest)>, RepositoryError> {
        let Some((beginning, page)) = rest else { return Ok(None) };
        let lines = page.lines.data.iter().map(csv_line);
        let text: String = std::iter::once(beginning.to_owned()).chain(lines).collect();
        let next = match page.lines.next {
            Some(cursor) => Some(("", self.after(Some(cursor)).await?)),
            None => None,
        };
        Ok(Some((text.into(), next)))
    }
}

/// Nothing in a line comes from people, so nothing needs quoting, and no cell is taken for a formula.
fn csv_line(line: &Line) -> String {
    let fields = [
        line.id.to_string(),
        line.created_at.to_rfc3339_opts(SecondsFormat::AutoSi, true),
        line.kind.name().to_owned(),
        decimal(line.amount),
        line.amount.currency().code().to_owned(),
        line.fee.map(decimal).unwrap_or_default(),
        decimal(line.balance_after),
        text(line.order_id),
        line.order_number.clone().unwrap_or_default(),
        text(line.payout_id),
    ];
    fields.join(",") + "\r\n"
}
