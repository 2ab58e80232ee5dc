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

impl Category {
    /// The slugs that it may have by its name, the best one first: the name alone, then with the name of the category above.
    #[must_use]
    pub fn slugs(name: &str, parent: Option<&Self>) -> Vec<Slug> {
        let own = Slug::from_title(name, "category");
        let longer = parent.and_then(|parent| Slug::parse(&format!("{}-{own}", parent.slug)).ok());
        std::iter::once(own).chain(longer).collect()
    }
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
