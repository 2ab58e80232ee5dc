//! What every port to the database answers when it can't do what it was asked.

/// Something that must be unique, and isn't.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UniqueKey {
    /// A user's e-mail address.
    UserEmail,
    /// A product's slug.
    ProductSlug,
    /// A slug that is or was another category's.
    CategorySlug,
    /// A slug that is or was another material's.
    MaterialSlug,
    /// A seller's number for a variant.
    VariantSku,
    /// The order that a cart became.
    OrderCart,
    /// The number of an order.
    OrderNumber,
    /// What a device calls a passkey.
    PasskeyCredential,
    /// Any other unique key, primary keys included.
    Other,
}

/// Why the database did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum RepositoryError {
    /// A unique key is taken.
    #[error("a unique key is taken: {0:?}")]
    Conflict(UniqueKey),
    /// Another transaction was in the way, or took away what this one refers to; trying again tells.
    #[error("another transaction was in the way")]
    Contention,
    /// The database is away, or answered what it never should.
    #[error("the database did not answer as it should")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl RepositoryError {
    /// Wraps whatever the adapter was told.
    pub fn unavailable(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Unavailable(source.into())
    }
}
