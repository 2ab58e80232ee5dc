//! Pages of a list that are read onward from the last row seen, so that rows that come and go shift nothing.

use uuid::Uuid;

/// How many rows a page has: 1 to 100, 20 unless told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(u8);

impl Limit {
    /// The limit, if it is one that is allowed.
    #[must_use]
    pub const fn new(rows: u8) -> Option<Self> {
        if rows >= 1 && rows <= 100 { Some(Self(rows)) } else { None }
    }

    /// The number of rows.
    #[must_use]
    pub const fn rows(self) -> usize {
        self.0 as usize
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(20)
    }
}

/// The place of a row in a sorted list: the value it is sorted by, and its id to tell equals apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The sorting value as text; its meaning is the list's own.
    pub key: String,
    /// The row's id.
    pub id: Uuid,
}

/// Which part of a list is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageRequest {
    /// At most so many rows.
    pub limit: Limit,
    /// Only what comes after this row.
    pub after: Option<Cursor>,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub data: Vec<T>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// Makes a page of rows of which one more than the limit was read, to know whether there is more.
    pub fn from_one_more(mut rows: Vec<T>, limit: Limit, cursor: impl Fn(&T) -> Cursor) -> Self {
        let more = rows.len() > limit.rows();
        rows.truncate(limit.rows());
        let next = if more { rows.last().map(cursor) } else { None };
        Self { data: rows, next }
    }

    /// The same page with each row turned into something else.
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Page<U> {
        Page { data: self.data.into_iter().map(turn).collect(), next: self.next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(rows: u128) -> Page<u128> {
        let cursor = |row: &u128| Cursor { key: row.to_string(), id: Uuid::from_u128(*row) };
        Page::from_one_more((1..=rows).collect(), Limit::new(2).unwrap(), cursor)
    }

    #[test]
    fn the_next_page_begins_after_the_last_row_shown() {
        assert_eq!(page(3).data, [1, 2]);
        assert_eq!(page(3).next, Some(Cursor { key: "2".into(), id: Uuid::from_u128(2) }));
    }

    #[test]
    fn the_last_page_has_no_next() {
        assert_eq!(page(2).next, None);
        assert_eq!(page(0).next, None);
    }

    #[test]
    fn a_limit_is_between_1_and_100() {
        assert_eq!(Limit::new(0), None);
        assert_eq!(Limit::new(101), None);
        assert_eq!(Limit::default().rows(), 20);
    }
}
