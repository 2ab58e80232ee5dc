//! What the list of movements is asked for.

use crate::extract::{FromQuery, PageQuery, QueryReader};
use application::ledger::ports::MovementFilter;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use domain::kernel::PageRequest;
use domain::ledger::MovementKind;
use utoipa::IntoParams;

/// The parameters of movements.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the OpenAPI document's view of `TransactionsQuery`, which reads them")]
pub struct TransactionsParams {
    /// Only movements of this kind, such as `order_paid`.
    kind: Option<String>,
    /// Only from this moment on, or from the beginning of this day (UTC).
    #[param(example = "2026-11-01")]
    from: Option<String>,
    /// Only before this moment, or until the end of this day (UTC).
    #[param(example = "2026-11-30")]
    to: Option<String>,
}

/// Which movements, and which part of them.
#[derive(Debug)]
pub struct TransactionsQuery {
    /// Which ones.
    pub filter: MovementFilter,
    /// Which part.
    pub page: PageRequest,
}

/// Which movements; all of them.
#[derive(Debug)]
pub struct ExportQuery(pub MovementFilter);

impl TransactionsQuery {
    /// The list's name in cursors.
    pub const LIST: &'static str = "transactions";
}

impl FromQuery for TransactionsQuery {
    fn read(query: &mut QueryReader) -> Self {
        let filter = filter(query);
        let page = PageQuery::read(query).of_list(Self::LIST, query);
        Self { filter, page }
    }
}

impl FromQuery for ExportQuery {
    fn read(query: &mut QueryReader) -> Self {
        Self(filter(query))
    }
}

/// What is said of something else.
pub const NO_TIME: &str = "is neither a time of RFC 3339 nor a date";

fn filter(query: &mut QueryReader) -> MovementFilter {
    MovementFilter {
        kind: query.parsed("kind", "kind", "is no kind of movement", MovementKind::parse),
        from: query.parsed("from", "time", NO_TIME, |text| moment(text, 0)),
        to: query.parsed("to", "time", NO_TIME, |text| moment(text, 1)),
    }
}

/// A moment; of a date its beginning, so many days later.
pub fn moment(text: &str, days: u64) -> Option<DateTime<Utc>> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.with_timezone(&Utc));
    }
    let date: NaiveDate = text.parse().ok()?;
    Some(date.checked_add_days(Days::new(days))?.and_time(NaiveTime::MIN).and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_whole_and_a_time_is_a_time() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&Utc);
        assert_eq!(moment("2026-11-30", 0), Some(at("2026-11-30T00:00:00Z")));
        assert_eq!(moment("2026-11-30", 1), Some(at("2026-12-01T00:00:00Z")));
        assert_eq!(moment("2026-11-30T12:00:00+01:00", 1), Some(at("2026-11-30T11:00:00Z")));
        for text in ["", "yesterday", "2026-13-01", "2026-11", "+262142-12-31"] {
            assert_eq!(moment(text, 1), None, "{text}");
        }
    }
}
