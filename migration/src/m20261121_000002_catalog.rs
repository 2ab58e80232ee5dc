//! Categories, materials, and products with their variants and pictures.

use crate::building::{
    at_least, at_least_null, currency, drop_tables, index, one_of, part_of, primary_key, reference, unique,
};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{integer, json_binary, pk_uuid, text, timestamp_with_time_zone, uuid, uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let categories = Table::create()
            .table("categories")
            .col(pk_uuid("id"))
            .col(text("slug"))
            .col(text("name"))
            .col(uuid_null("parent_id"))
            .foreign_key(&mut reference("categories", "parent_id", "categories"))
            .take();
        manager.create_table(categories).await?;
        manager.create_index(unique("categories", "slug", &["slug"])).await?;

        let materials =
            Table::create().table("materials").col(pk_uuid("id")).col(text("slug")).col(text("name")).take();
        manager.create_table(materials).await?;
        manager.create_index(unique("materials", "slug", &["slug"])).await?;

        // `title_key` and `search_text` are the title, and title and description, as lists sort and search them: in lower
        // case and without accents, which SQLite by itself knows of ASCII only, and without markup.
        let products = Table::create()
            .table("products")
            .col(pk_uuid("id"))
            .col(uuid("seller_id"))
            .col(text("slug"))
            .col(text("title"))
            .col(text("title_key"))
            .col(text("description"))
            .col(text("search_text"))
            .col(at_least(1, "price_amount"))
            .col(at_least_null(1, "compare_at_amount"))
            .col(currency())
            .col(uuid_null("category_id"))
            .col(one_of("status", &["draft", "active", "archived"]))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("updated_at"))
            .foreign_key(&mut reference("products", "seller_id", "users"))
            .foreign_key(&mut reference("products", "category_id", "categories"))
            .take();
        manager.create_table(products).await?;
        manager.create_index(unique("products", "slug", &["slug"])).await?;
        manager.create_index(index("products", "status_created_at", &["status", "created_at", "id"])).await?;
        manager.create_index(index("products", "status_price", &["status", "price_amount", "id"])).await?;
        manager.create_index(index("products", "status_title", &["status", "title_key", "id"])).await?;
        manager.create_index(index("products", "seller_created_at", &["seller_id", "created_at", "id"])).await?;
        manager.create_index(index("products", "category", &["category_id"])).await?;

        let variants = Table::create()
            .table("variants")
            .col(pk_uuid("id"))
            .col(uuid("product_id"))
            .col(uuid("seller_id"))
            .col(integer("position"))
            .col(text("sku"))
            .col(json_binary("options"))
            .col(at_least(1, "price_amount"))
            .col(at_least(0, "stock"))
            .foreign_key(&mut part_of("variants", "product_id", "products"))
            .foreign_key(&mut reference("variants", "seller_id", "users"))
            .take();
        manager.create_table(variants).await?;
        manager.create_index(unique("variants", "seller_sku", &["seller_id", "sku"])).await?;
        manager.create_index(index("variants", "product", &["product_id", "position"])).await?;

        let product_materials = Table::create()
            .table("product_materials")
            .col(uuid("product_id"))
            .col(uuid("material_id"))
            .col(integer("position"))
            .primary_key(&mut primary_key(&["product_id", "material_id"]))
            .foreign_key(&mut part_of("product_materials", "product_id", "products"))
            .foreign_key(&mut reference("product_materials", "material_id", "materials"))
            .take();
        manager.create_table(product_materials).await?;
        manager.create_index(index("product_materials", "material", &["material_id", "product_id"])).await?;

        let product_images = Table::create()
            .table("product_images")
            .col(pk_uuid("id"))
            .col(uuid("product_id"))
            .col(integer("position"))
            .col(text("alt"))
            .col(at_least(1, "width"))
            .col(at_least(1, "height"))
            .col(text("path"))
            .col(json_binary("thumbnails"))
            .foreign_key(&mut part_of("product_images", "product_id", "products"))
            .take();
        manager.create_table(product_images).await?;
        manager.create_index(unique("product_images", "position", &["product_id", "position"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = ["product_images", "product_materials", "variants", "products", "materials", "categories"];
        drop_tables(manager, &tables).await
    }
}
