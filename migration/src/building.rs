//! The few shapes of columns, keys and indexes that the migrations are made of.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, text, text_null};

/// A text that is one of these.
pub fn one_of(column: &'static str, values: &[&'static str]) -> ColumnDef {
    text(column).check(Expr::col(column).is_in(values.iter().copied())).take()
}

/// A text that is one of these, or nothing.
pub fn one_of_null(column: &'static str, values: &[&'static str]) -> ColumnDef {
    text_null(column).check(Expr::col(column).is_in(values.iter().copied())).take()
}

/// A whole number that is at least so much: minor units of money, pieces.
pub fn at_least(least: i64, column: &'static str) -> ColumnDef {
    big_integer(column).check(Expr::col(column).gte(least)).take()
}

/// The same, or nothing.
pub fn at_least_null(least: i64, column: &'static str) -> ColumnDef {
    big_integer_null(column).check(Expr::col(column).gte(least)).take()
}

/// A currency: three letters.
pub fn currency() -> ColumnDef {
    text("currency").check(Func::char_length(Expr::col("currency")).eq(3)).take()
}

/// Either both columns have a value, or neither.
pub fn both_or_neither(one: &'static str, other: &'static str) -> Expr {
    let both = Expr::col(one).is_not_null().and(Expr::col(other).is_not_null());
    both.or(Expr::col(one).is_null().and(Expr::col(other).is_null()))
}

/// A column that holds the `id` of another table.
pub fn reference(table: &'static str, column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().name(format!("fk_{table}_{column}")).from(table, column).to(to, "id").take()
}

/// The same, where the row goes with the one that it belongs to.
pub fn part_of(table: &'static str, column: &'static str, whole: &'static str) -> ForeignKeyCreateStatement {
    reference(table, column, whole).on_delete(ForeignKeyAction::Cascade).take()
}

/// Several columns as the primary key.
pub fn primary_key(columns: &[&'static str]) -> IndexCreateStatement {
    columns_of(&mut Index::create(), columns)
}

/// `uq_<table>_<what>`: no two rows have the same.
pub fn unique(table: &'static str, what: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    columns_of(Index::create().name(format!("uq_{table}_{what}")).table(table).unique(), columns)
}

/// `ix_<table>_<what>`: for a list or a filter.
pub fn index(table: &'static str, what: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    columns_of(Index::create().name(format!("ix_{table}_{what}")).table(table), columns)
}

/// Drops these tables, the first one first.
pub async fn drop_tables(manager: &SchemaManager<'_>, tables: &[&'static str]) -> Result<(), DbErr> {
    for table in tables {
        manager.drop_table(Table::drop().table(*table).take()).await?;
    }
    Ok(())
}

/// Builds a table anew with its rows, where an engine can't change what stands: SQLite has no other way to loosen a CHECK or
/// a NOT NULL. No other table may refer to it. Its indexes are gone and have to be made again.
pub async fn rebuild(
    manager: &SchemaManager<'_>,
    table: &'static str,
    shape: TableCreateStatement,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    copy(manager, table, shape, columns).await?;
    replace(manager, table).await
}

/// The first half: `<table>_anew` has these columns' values of the table.
pub async fn copy(
    manager: &SchemaManager<'_>,
    table: &'static str,
    mut shape: TableCreateStatement,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    let anew = Alias::new(format!("{table}_anew"));
    manager.create_table(shape.table(anew.clone()).take()).await?;
    let rows = Query::select().columns(columns.iter().copied()).from(table).take();
    let mut fill = Query::insert().into_table(anew).columns(columns.iter().copied()).take();
    fill.select_from(rows).map_err(|error| DbErr::Custom(error.to_string()))?;
    manager.get_connection().execute(&fill).await?;
    Ok(())
}

/// The second half: `<table>_anew` takes the place of the table.
pub async fn replace(manager: &SchemaManager<'_>, table: &'static str) -> Result<(), DbErr> {
    let anew = Alias::new(format!("{table}_anew"));
    manager.drop_table(Table::drop().table(table).take()).await?;
    manager.rename_table(Table::rename().table(anew, table).take()).await
}

fn columns_of(index: &mut IndexCreateStatement, columns: &[&'static str]) -> IndexCreateStatement {
    for column in columns {
        index.col(*column);
    }
    index.take()
}
