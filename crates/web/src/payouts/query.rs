//! Which part of a list of payouts a reader asks for.

use crate::extract::{FromQuery, PageQuery, QueryReader};
use domain::kernel::PageRequest;

/// A part of the list.
#[derive(Debug)]
pub struct PayoutsQuery(pub PageRequest);

impl PayoutsQuery {
    /// The lists' name in cursors.
    pub const LIST: &'static str = "payouts";
}

impl FromQuery for PayoutsQuery {
    fn read(query: &mut QueryReader) -> Self {
        Self(PageQuery::read(query).of_list(Self::LIST, query))
    }
}
