//! The rows of idempotency keys, as they are stored.

/// The request runs, or ran into the end of its lease.
pub const RUNNING: &str = "running";
/// Its answer is kept.
pub const DONE: &str = "done";

pub mod idempotency_key {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "idempotency_keys")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub caller: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        /// Under a key of the shop.
        pub fingerprint: String,
        pub state: String,
        pub claim_id: Option<Uuid>,
        pub claimed_at: DateTimeUtc,
        pub leased_until: DateTimeUtc,
        pub status: Option<i32>,
        /// Sealed.
        #[sea_orm(column_type = "Blob", nullable)]
        pub body: Option<Vec<u8>>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
