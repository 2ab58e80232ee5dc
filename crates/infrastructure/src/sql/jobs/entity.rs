//! The rows of jobs, as they are stored.

pub mod job {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "jobs")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: String,
        #[sea_orm(column_type = "JsonBinary")]
        pub payload: Json,
        pub state: String,
        pub run_at: DateTimeUtc,
        /// Whether somebody waits for it.
        pub urgent: bool,
        /// Until when it is its claimer's; none while nobody has it.
        pub claimed_until: Option<DateTimeUtc>,
        pub attempts: i32,
        /// Why the last try failed.
        pub reason: Option<String>,
        /// The kind, on a job that a schedule planned and nobody has claimed; unique.
        pub schedule: Option<String>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Waiting, or being done.
pub const WAITING: &str = "waiting";
/// Set aside for a person to look at.
pub const BURIED: &str = "buried";
