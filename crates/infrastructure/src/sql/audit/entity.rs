//! The rows of the security log, as they are stored.

pub mod security_event {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "security_events")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub at: DateTimeUtc,
        pub kind: String,
        pub user_id: Option<Uuid>,
        pub actor_id: Option<Uuid>,
        pub email: Option<String>,
        pub address: Option<String>,
        pub device: Option<String>,
        #[sea_orm(column_type = "JsonBinary")]
        pub details: Json,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
