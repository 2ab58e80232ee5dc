//! Slugs on the wire.

use crate::problem::Problem;
use domain::kernel::Slug;

/// The slug that a field holds.
///
/// # Errors
/// 422 when it is none.
pub fn to_slug(pointer: &str, text: &str) -> Result<Slug, Problem> {
    Slug::parse(text).map_err(|_| Problem::invalid_field(pointer, "slug", "is no slug"))
}

/// Slugs that something had before.
#[must_use]
pub fn former(slugs: &[Slug]) -> Vec<String> {
    slugs.iter().map(ToString::to_string).collect()
}
