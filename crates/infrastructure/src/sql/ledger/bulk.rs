//! Reading many rows as one JSON text. A row by itself costs both drivers more than all that is done with it here: SQLite's
//! hands each from thread to thread, and both make objects of every value.

use crate::sql::error::{corrupt, from_db};
use application::RepositoryError;
use sea_orm::sea_query::{Alias, Expr, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend};
use serde::de::DeserializeOwned;

/// How a column is written in JSON.
#[derive(Debug, Clone, Copy)]
pub enum Column {
    /// As it is.
    Plain(&'static str),
    /// An id, as any text of it that `Uuid` reads.
    Id(&'static str),
    /// Bytes, as hexadecimal digits.
    Bytes(&'static str),
    /// What is JSON already.
    Json(&'static str),
}

impl Column {
    fn expression(self, engine: DbBackend) -> String {
        match (self, engine) {
            (Self::Id(name), DbBackend::Sqlite) => format!("nullif(hex({name}), '')"),
            (Self::Bytes(name), DbBackend::Sqlite) => format!("hex({name})"),
            (Self::Json(name), DbBackend::Sqlite) => format!("json({name})"),
            (Self::Bytes(name), _) => format!("encode({name}, 'hex')"),
            (Self::Plain(name) | Self::Id(name) | Self::Json(name), _) => name.to_owned(),
        }
    }
}

/// `[column, ...]`, as an SQL expression.
fn list(engine: DbBackend, columns: &[Column]) -> String {
    let columns: Vec<String> = columns.iter().map(|column| column.expression(engine)).collect();
    let function = if engine == DbBackend::Sqlite { "json_array" } else { "json_build_array" };
    format!("{function}({})", columns.join(", "))
}

/// `[[column, ...], ...]` of all rows in this order, as an SQL expression.
pub fn table(engine: DbBackend, columns: &[Column], order: &[&str]) -> String {
    let function = if engine == DbBackend::Sqlite { "json_group_array" } else { "json_agg" };
    format!("{function}({} ORDER BY {})", list(engine, columns), order.join(", "))
}

/// The rows of this select, in the order of these of its columns; it orders by them itself where it has a limit.
///
/// # Errors
/// When the database fails, or a value is not what it was.
pub async fn rows<T: DeserializeOwned>(
    tx: &DatabaseTransaction,
    select: SelectStatement,
    columns: &[Column],
    order: &[&str],
) -> Result<Vec<T>, RepositoryError> {
    let engine = tx.get_database_backend();
    let cast = if engine == DbBackend::Sqlite { "" } else { "::text" };
    let all = Expr::cust(format!("{}{cast}", table(engine, columns, order)));
    let page = Query::select().expr_as(all, Alias::new("page")).from_subquery(select, Alias::new("rows")).take();
    let row = tx.query_one(&page).await.map_err(from_db)?;
    let text: Option<String> = row.map(|row| row.try_get("", "page")).transpose().map_err(from_db)?.flatten();
    text.map_or_else(|| Ok(Vec::new()), |text| serde_json::from_str(&text).map_err(|_| corrupt("row of the ledger")))
}
