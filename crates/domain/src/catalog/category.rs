//! How the catalogue is ordered: a tree of categories, and the materials.

use crate::kernel::{CategoryId, MaterialId, Slug};

/// A place in the tree of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its id.
    pub id: CategoryId,
    /// Unique among categories.
    pub slug: Slug,
    /// As shown.
    pub name: String,
    /// The category above; `None` at the top.
    pub parent_id: Option<CategoryId>,
}

/// What a piece is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Material {
    /// Its id.
    pub id: MaterialId,
    /// Unique among materials.
    pub slug: Slug,
    /// As shown.
    pub name: String,
}
