//! Every slug that a product, a category or a material ever had, so that old addresses stay good and are given to nobody else.

use crate::building::{drop_tables, index, one_of, primary_key};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{text, uuid};

const SLUGS: &str = "slugs";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let slugs = Table::create()
            .table(SLUGS)
            .col(one_of("kind", &["product", "category", "material"]))
            .col(text("slug"))
            .col(uuid("owner_id"))
            .primary_key(&mut primary_key(&["kind", "slug"]))
            .take();
        manager.create_table(slugs).await?;
        manager.create_index(index(SLUGS, "owner", &["owner_id"])).await?;
        for (kind, table) in [("product", "products"), ("category", "categories"), ("material", "materials")] {
            let mut fill = Query::insert().into_table(SLUGS).columns(["kind", "slug", "owner_id"]).take();
            let present = Query::select().expr(Expr::val(kind)).columns(["slug", "id"]).from(table).take();
            fill.select_from(present).map_err(|error| DbErr::Custom(error.to_string()))?;
            manager.get_connection().execute(&fill).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &[SLUGS]).await
    }
}
