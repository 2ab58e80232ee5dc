//! The rows of idempotency keys, as they are stored.

use crate::sql::error::corrupt;
use application::RepositoryError;
use application::idempotency::StoredAnswer;
use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};

/// The request runs, or ran into the end of its lease.
pub const RUNNING: &str = "running";
/// Its answer is kept.
pub const DONE: &str = "done";

/// Headers in their order, by name and value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct StoredHeaders(pub Vec<(String, String)>);

pub mod idempotency_key {
    use super::StoredHeaders;
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "idempotency_keys")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub caller: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        pub fingerprint: String,
        pub state: String,
        pub claimed_at: DateTimeUtc,
        pub leased_until: DateTimeUtc,
        pub status: Option<i32>,
        #[sea_orm(column_type = "JsonBinary", nullable)]
        pub headers: Option<StoredHeaders>,
        #[sea_orm(column_type = "Blob", nullable)]
        pub body: Option<Vec<u8>>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

impl idempotency_key::Model {
    /// The answer of a request that is done.
    pub fn into_answer(self) -> Result<StoredAnswer, RepositoryError> {
        let status = self.status.and_then(|status| u16::try_from(status).ok());
        Ok(StoredAnswer {
            status: status.ok_or_else(|| corrupt("kept answer without a status"))?,
            headers: self.headers.map(|headers| headers.0).unwrap_or_default(),
            body: self.body.unwrap_or_default(),
        })
    }
}
