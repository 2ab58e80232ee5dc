//! `limit` and `cursor` of lists. A cursor is opaque to callers: base64url of JSON with the list's name, the sorting value
//! and the id of the last row. A cursor of another list or order is refused.

use super::query::{FromQuery, QueryReader};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::kernel::{Cursor, Limit, PageRequest};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use uuid::Uuid;

#[derive(Serialize, Deserialize)]
struct Wire {
    l: String,
    k: String,
    i: Uuid,
}

/// Which part of a list is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// At most so many rows.
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100, default = 20)]
    pub limit: Limit,
    /// The `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    pub cursor: Option<(String, Cursor)>,
}

impl PageQuery {
    /// The part of a list of this name; a cursor of another list begins nowhere.
    pub fn of_list(self, list: &str, query: &mut QueryReader) -> PageRequest {
        let after = match self.cursor {
            Some((of, _)) if of != list => {
                query.fault("cursor", "cursor", "is a cursor of another list or order");
                None
            }
            cursor => cursor.map(|(_, cursor)| cursor),
        };
        PageRequest { limit: self.limit, after }
    }
}

impl FromQuery for PageQuery {
    fn read(query: &mut QueryReader) -> Self {
        let limit = query.number::<i64>("limit").map(|limit| u8::try_from(limit).ok().and_then(Limit::new));
        if limit == Some(None) {
            query.fault("limit", "out-of-range", "must be between 1 and 100");
        }
        let cursor = query.text("cursor").map(|text| decode(&text));
        if cursor == Some(None) {
            query.fault("cursor", "cursor", "is no cursor of ours");
        }
        Self { limit: limit.flatten().unwrap_or_default(), cursor: cursor.flatten() }
    }
}

/// A cursor as it is sent.
#[must_use]
pub fn encode(list: &str, cursor: &Cursor) -> String {
    let wire = Wire { l: list.to_owned(), k: cursor.key.clone(), i: cursor.id };
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&wire).unwrap_or_default())
}

fn decode(text: &str) -> Option<(String, Cursor)> {
    let wire: Wire = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    let clean = !wire.k.contains('\0');
    clean.then_some((wire.l, Cursor { key: wire.k, id: wire.i }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<PageRequest, Vec<String>> {
        let mut reader = QueryReader::new(query);
        let page = PageQuery::read(&mut reader).of_list("products", &mut reader);
        let faults = reader.into_faults();
        if faults.is_empty() { Ok(page) } else { Err(faults.into_iter().map(|fault| fault.pointer).collect()) }
    }

    #[test]
    fn a_cursor_comes_back_as_it_went() {
        let cursor = Cursor { key: "Ring “Ä” & Co".into(), id: Uuid::from_u128(7) };
        let page = read(&format!("cursor={}", encode("products", &cursor))).unwrap();
        assert_eq!(page.after, Some(cursor));
    }

    #[test]
    fn a_cursor_of_another_list_is_refused() {
        let cursor = Cursor { key: "x".into(), id: Uuid::from_u128(7) };
        assert_eq!(read(&format!("cursor={}", encode("orders", &cursor))), Err(vec!["/cursor".into()]));
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        for text in ["x", "bm90anNvbg", "e30"] {
            assert_eq!(read(&format!("cursor={text}")), Err(vec!["/cursor".into()]), "{text}");
        }
    }

    #[test]
    fn a_limit_is_1_to_100_and_20_unless_told() {
        assert_eq!(read("").unwrap().limit.rows(), 20);
        assert_eq!(read("limit=100").unwrap().limit.rows(), 100);
        for limit in ["0", "101", "-1", "x", "99999999999999999999"] {
            assert_eq!(read(&format!("limit={limit}")), Err(vec!["/limit".into()]), "{limit}");
        }
    }
}
