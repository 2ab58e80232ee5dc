//! What a database's refusal means to a caller. The database's own words go no further than the log.

use application::{RepositoryError, UniqueKey};
use sea_orm::sqlx::Error as SqlxError;
use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// Each unique key that a caller wants to know about: as PostgreSQL names it, and as SQLite does.
const UNIQUE_KEYS: [(UniqueKey, &str, &str); 6] = [
    (UniqueKey::UserEmail, "\"uq_users_email\"", "users.email"),
    (UniqueKey::ProductSlug, "\"uq_products_slug\"", "products.slug"),
    (UniqueKey::VariantSku, "\"uq_variants_seller_sku\"", "variants.seller_id, variants.sku"),
    (UniqueKey::OrderCart, "\"uq_orders_cart\"", "orders.cart_id"),
    (UniqueKey::PasskeyCredential, "\"uq_passkeys_credential_id\"", "passkeys.credential_id"),
    (UniqueKey::OrderNumber, "\"uq_orders_number\"", "orders.number"),
];

/// Serialization failure, deadlock, lock not available (PostgreSQL); busy, locked, busy since an older snapshot (SQLite).
const CONTENTION: [&str; 6] = ["40001", "40P01", "55P03", "5", "6", "517"];

/// The meaning of a refusal.
pub(super) fn from_db(error: DbErr) -> RepositoryError {
    if let Some(SqlErr::UniqueConstraintViolation(message)) = error.sql_err() {
        return RepositoryError::Conflict(unique_key(&message));
    }
    // What is referred to went away since it was read: who reads again is told so.
    if let Some(SqlErr::ForeignKeyConstraintViolation(_)) = error.sql_err() {
        return RepositoryError::Contention;
    }
    if code(&error).is_some_and(|code| CONTENTION.contains(&code.as_str())) {
        return RepositoryError::Contention;
    }
    RepositoryError::unavailable(error)
}

/// A row that no version of this program writes.
pub(super) fn corrupt(what: &'static str) -> RepositoryError {
    RepositoryError::unavailable(format!("the database holds a value that can't be: {what}"))
}

fn unique_key(message: &str) -> UniqueKey {
    let known =
        UNIQUE_KEYS.iter().find(|(_, postgres, sqlite)| message.contains(postgres) || message.ends_with(sqlite));
    known.map_or(UniqueKey::Other, |(key, ..)| *key)
}

fn code(error: &DbErr) -> Option<String> {
    let (DbErr::Exec(RuntimeErr::SqlxError(error))
    | DbErr::Query(RuntimeErr::SqlxError(error))
    | DbErr::Conn(RuntimeErr::SqlxError(error))) = error
    else {
        return None;
    };
    match error.as_ref() {
        SqlxError::Database(error) => error.code().map(std::borrow::Cow::into_owned),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_engines_name_the_same_key() {
        for (message, key) in [
            ("duplicate key value violates unique constraint \"uq_users_email\"", UniqueKey::UserEmail),
            ("UNIQUE constraint failed: users.email", UniqueKey::UserEmail),
            ("UNIQUE constraint failed: variants.seller_id, variants.sku", UniqueKey::VariantSku),
            ("UNIQUE constraint failed: users.id", UniqueKey::Other),
            ("duplicate key value violates unique constraint \"users_pkey\"", UniqueKey::Other),
        ] {
            assert_eq!(unique_key(message), key, "{message}");
        }
    }
}
