//! The rows of the catalogue, as they are stored.

use crate::sql::stored::stored_as_text;
use domain::catalog::{PictureSize, ProductStatus};
use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};

stored_as_text!(ProductStatus { Draft = "draft", Active = "active", Archived = "archived" });

/// Names in an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct StoredNames(pub Vec<String>);

/// The smaller versions of a picture, narrowest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct StoredThumbnails(pub Vec<StoredThumbnail>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredThumbnail {
    pub path: String,
    pub width: u32,
    pub height: u32,
}

/// Sizes as they are stored.
pub fn thumbnails(sizes: &[PictureSize]) -> StoredThumbnails {
    let stored =
        |size: &PictureSize| StoredThumbnail { path: size.path.clone(), width: size.width, height: size.height };
    StoredThumbnails(sizes.iter().map(stored).collect())
}

pub mod category {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "categories")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub slug: String,
        pub name: String,
        pub parent_id: Option<Uuid>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod material {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "materials")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub slug: String,
        pub name: String,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod product {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "products")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub seller_id: Uuid,
        pub slug: String,
        pub title: String,
        /// The title in lower case and without accents, by which lists sort.
        pub title_key: String,
        pub description: String,
        /// Title and description in lower case, without accents and markup, in which words are searched.
        pub search_text: String,
        pub price_amount: i64,
        pub compare_at_amount: Option<i64>,
        /// Of every price of the product and its variants.
        pub currency: String,
        pub category_id: Option<Uuid>,
        pub status: String,
        pub gift_card: bool,
        #[sea_orm(column_type = "JsonBinary")]
        pub option_names: super::StoredNames,
        pub created_at: DateTimeUtc,
        pub updated_at: DateTimeUtc,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod variant {
    use crate::sql::stored::StoredOptions;
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "variants")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub product_id: Uuid,
        /// The product's, so that a seller's numbers are unique.
        pub seller_id: Uuid,
        pub position: i32,
        pub sku: String,
        #[sea_orm(column_type = "JsonBinary")]
        pub options: StoredOptions,
        pub price_amount: i64,
        pub stock: i64,
        /// Since when it is not the product's any more.
        pub removed_at: Option<DateTimeUtc>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod product_material {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "product_materials")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub product_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub material_id: Uuid,
        pub position: i32,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::material::Entity",
            from = "Column::MaterialId",
            to = "super::material::Column::Id"
        )]
        Material,
    }

    impl Related<super::material::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Material.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod product_image {
    use super::StoredThumbnails;
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "product_images")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub product_id: Uuid,
        pub position: i32,
        pub alt: String,
        pub width: i64,
        pub height: i64,
        /// Where the file is in the media store, relative to its root.
        pub path: String,
        #[sea_orm(column_type = "JsonBinary")]
        pub thumbnails: StoredThumbnails,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
