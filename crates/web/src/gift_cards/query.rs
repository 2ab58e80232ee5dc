//! What the list of gift cards is asked for.

use super::dto::GiftCardStatus;
use crate::extract::{FromQuery, PageQuery, QueryReader};
use application::gift_cards::ports::CardFilter;
use domain::gift_cards::GiftCardStatus as Status;
use domain::kernel::{GiftCardBatchId, PageRequest};
use utoipa::IntoParams;
use uuid::Uuid;

/// The parameters of the list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the OpenAPI document's view of `GiftCardsQuery`, which reads them")]
pub struct GiftCardsParams {
    /// The last four characters of the code, or a part of the recipient's address.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Only cards that stand so.
    status: Option<GiftCardStatus>,
    /// Only those of this batch.
    batch: Option<Uuid>,
}

/// What the list is asked for.
#[derive(Debug)]
pub struct GiftCardsQuery {
    /// Which cards.
    pub filter: CardFilter,
    /// Which part.
    pub page: PageRequest,
}

impl GiftCardsQuery {
    /// The list's name in cursors.
    pub const LIST: &'static str = "gift-cards";
}

impl FromQuery for GiftCardsQuery {
    fn read(query: &mut QueryReader) -> Self {
        let short = |text: &str| (text.chars().count() <= 200).then(|| text.to_owned());
        let filter = CardFilter {
            text: query.parsed("q", "too-long", "must have 200 characters at the most", short),
            status: query.parsed("status", "status", "must be active, disabled, redeemed or expired", status),
            batch: query
                .parsed("batch", "uuid", "is no id", |text| Uuid::parse_str(text).ok().map(GiftCardBatchId::new)),
        };
        let page = PageQuery::read(query).of_list(Self::LIST, query);
        Self { filter, page }
    }
}

fn status(name: &str) -> Option<Status> {
    match name {
        "active" => Some(Status::Active),
        "disabled" => Some(Status::Disabled),
        "redeemed" => Some(Status::Redeemed),
        "expired" => Some(Status::Expired),
        _ => None,
    }
}
