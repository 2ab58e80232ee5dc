//! The rows of the ledger, as they are stored.

pub mod transaction {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ledger_transactions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub chain: String,
        /// Its place in the chain, 1 for the first.
        pub position: i64,
        pub kind: String,
        pub reference: String,
        pub order_id: Option<Uuid>,
        pub payment_id: Option<Uuid>,
        pub gift_card_id: Option<Uuid>,
        pub created_at: DateTimeUtc,
        pub digest: Vec<u8>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod entry {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ledger_entries")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub transaction_id: Uuid,
        /// Its place in the transaction, 0 for the first.
        pub position: i32,
        pub account: String,
        pub owner_id: Option<Uuid>,
        pub amount: i64,
        pub currency: String,
        /// Its place in an account that has a floor, 1 for the first.
        pub account_position: Option<i64>,
        /// What was in that account after it.
        pub balance_after: Option<i64>,
        /// In whose list of movements it stands.
        pub user_id: Option<Uuid>,
        pub created_at: DateTimeUtc,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod balance {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ledger_balances")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub owner_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub account: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub currency: String,
        pub amount: i64,
        /// How many entries made it.
        pub entries: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
