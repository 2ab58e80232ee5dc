//! Reading a list onward from the last row seen: rows that come and go before it shift nothing.

use chrono::{DateTime, Utc};
use domain::kernel::PageRequest;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, Order, QueryFilter, QueryOrder, QuerySelect, Select, Value};

/// What a list is sorted by; the rows' ids tell equals apart, in the same direction.
pub(super) struct Sorting<C> {
    /// The sorting column.
    pub key: C,
    /// What kind of value it has.
    pub kind: KeyKind,
    /// The id.
    pub id: C,
    /// The direction of both.
    pub order: Order,
}

/// How the value of a sorting column is written into a cursor.
#[derive(Debug, Clone, Copy)]
pub(super) enum KeyKind {
    /// As microseconds since 1970.
    Time,
    /// As a whole number.
    Number,
    /// As it is.
    Text,
}

impl KeyKind {
    fn read(self, key: &str) -> Option<Value> {
        match self {
            Self::Time => DateTime::<Utc>::from_timestamp_micros(key.parse().ok()?).map(Value::from),
            Self::Number => key.parse::<i64>().ok().map(Value::from),
            Self::Text => (!key.contains('\0')).then(|| Value::from(key)), // PostgreSQL's texts can't hold it
        }
    }
}

/// The key of a time.
pub(super) fn time_key(at: DateTime<Utc>) -> String {
    at.timestamp_micros().to_string()
}

/// The rows of a page and one more, by which the caller knows whether there is another page. `None` when the cursor is
/// not one of this list: then the page is empty.
pub(super) fn rows_of_page<E, C>(select: Select<E>, sorting: Sorting<C>, page: &PageRequest) -> Option<Select<E>>
where
    E: EntityTrait<Column = C>,
    C: ColumnTrait,
{
    let Sorting { key, kind, id, order } = sorting;
    let mut select = select;
    if let Some(cursor) = &page.after {
        let row = Expr::tuple([Expr::col((E::default(), key)), Expr::col((E::default(), id))]);
        let seen = Expr::tuple([Expr::value(kind.read(&cursor.key)?), Expr::value(cursor.id)]);
        select = select.filter(if order == Order::Asc { row.gt(seen) } else { row.lt(seen) });
    }
    let one_more = u64::try_from(page.limit.rows()).unwrap_or(u64::MAX).saturating_add(1);
    Some(select.order_by(key, order.clone()).order_by(id, order).limit(one_more))
}
