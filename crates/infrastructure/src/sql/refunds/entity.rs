//! The rows of refunds, as they are stored.

pub mod refund {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "refunds")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: String,
        pub order_id: Uuid,
        pub payment_id: Option<Uuid>,
        pub amount: i64,
        pub currency: String,
        /// What of it goes by the gateway.
        pub card_amount: i64,
        /// What a dispute takes beyond what was left.
        pub excess: i64,
        pub status: String,
        pub reason: Option<String>,
        pub restocked: bool,
        pub requested_by: Option<Uuid>,
        pub request_key: String,
        pub gateway_id: Option<String>,
        pub failure: Option<String>,
        /// Under which reference the ledger has it.
        pub posted_as: String,
        /// And that it came back.
        pub returned_as: Option<String>,
        pub created_at: DateTimeUtc,
        pub updated_at: DateTimeUtc,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod top_up_refund {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "top_up_refunds")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: String,
        pub payment_id: Uuid,
        pub user_id: Uuid,
        pub amount: i64,
        pub currency: String,
        /// What of it counts as given back of the payment.
        pub counted: i64,
        /// What of it the balance gave.
        pub taken: i64,
        pub status: String,
        pub reason: Option<String>,
        pub requested_by: Option<Uuid>,
        pub request_key: String,
        pub gateway_id: Option<String>,
        pub failure: Option<String>,
        /// Under which reference the ledger has it.
        pub posted_as: String,
        /// And that it came back.
        pub returned_as: Option<String>,
        pub created_at: DateTimeUtc,
        pub updated_at: DateTimeUtc,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod refund_part {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "refund_parts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub refund_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i32,
        /// `None` is delivery.
        pub line_id: Option<Uuid>,
        pub quantity: i64,
        pub amount: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod refund_kept {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "refund_kept")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub refund_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub line_id: Uuid,
        pub quantity: i64,
        pub amount: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod refund_tender {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "refund_tenders")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub refund_id: Uuid,
        /// Its place among what the order took from.
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i64,
        pub kind: String,
        pub gift_card_id: Option<Uuid>,
        pub user_id: Option<Uuid>,
        pub amount: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
