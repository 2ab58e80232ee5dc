//! Where a parcel goes.

/// A postal address. Lines are kept as written: addresses follow no rule that holds everywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShippingAddress {
    /// Who receives it.
    pub name: String,
    /// Street and number.
    pub line1: String,
    /// Floor, company, or the like.
    pub line2: Option<String>,
    /// City.
    pub city: String,
    /// Postal code.
    pub postal_code: String,
    /// State, province or county.
    pub region: Option<String>,
    /// Two upper-case letters (ISO 3166-1 alpha-2).
    pub country: String,
}
