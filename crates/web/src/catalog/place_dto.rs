//! Categories and materials on the wire: what products are put into and made of.

use super::slugs::{former, to_slug};
use crate::extract::text;
use crate::problem::Problem;
use crate::wire::lists;
use application::catalog::arrange_categories::CategoryEdit;
use application::catalog::arrange_materials::MaterialEdit;
use application::catalog::views::{CategoryView, MaterialView};
use domain::kernel::CategoryId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// A category, in short.
#[derive(Debug, Serialize, ToSchema)]
pub struct CategorySummary {
    /// Its id.
    pub id: Uuid,
    /// For addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
}

impl From<domain::catalog::Category> for CategorySummary {
    fn from(category: domain::catalog::Category) -> Self {
        Self { id: category.id.uuid(), slug: category.slug.to_string(), name: category.name }
    }
}

/// A category.
#[derive(Debug, Serialize, ToSchema)]
pub struct Category {
    /// Its id.
    pub id: Uuid,
    /// For addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The category above.
    #[schema(required)]
    pub parent_id: Option<Uuid>,
    /// Slugs that it had before, or that others had that were merged into it. They stay good.
    pub former_slugs: Vec<String>,
}

impl From<CategoryView> for Category {
    fn from(view: CategoryView) -> Self {
        Self { former_slugs: former(&view.former_slugs), ..Self::from(view.category) }
    }
}

impl From<domain::catalog::Category> for Category {
    fn from(category: domain::catalog::Category) -> Self {
        let parent_id = category.parent_id.map(CategoryId::uuid);
        let (id, slug) = (category.id.uuid(), category.slug.to_string());
        Self { id, slug, name: category.name, parent_id, former_slugs: Vec::new() }
    }
}

/// A material, in short.
#[derive(Debug, Serialize, ToSchema)]
pub struct MaterialSummary {
    /// Its id.
    pub id: Uuid,
    /// For addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
}

impl From<domain::catalog::Material> for MaterialSummary {
    fn from(material: domain::catalog::Material) -> Self {
        Self { id: material.id.uuid(), slug: material.slug.to_string(), name: material.name }
    }
}

/// A material.
#[derive(Debug, Serialize, ToSchema)]
pub struct Material {
    /// Its id.
    pub id: Uuid,
    /// For addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Slugs that it had before, or that others had that were merged into it. They stay good.
    pub former_slugs: Vec<String>,
}

impl From<MaterialView> for Material {
    fn from(view: MaterialView) -> Self {
        Self { former_slugs: former(&view.former_slugs), ..Self::from(view.material) }
    }
}

impl From<domain::catalog::Material> for Material {
    fn from(material: domain::catalog::Material) -> Self {
        let (id, slug) = (material.id.uuid(), material.slug.to_string());
        Self { id, slug, name: material.name, former_slugs: Vec::new() }
    }
}

lists! {
    /// All categories.
    CategoryPage of Category,
    /// All materials.
    MaterialPage of Material,
}

/// A category to be added.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateCategoryRequest {
    /// Its name; another one beside it must not have it.
    #[serde(deserialize_with = "text::trimmed")]
    #[validate(length(min = 1, max = 80), custom(function = text::one_line))]
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// The category above; none at the top.
    pub parent_id: Option<Uuid>,
}

/// A change of a category; what is left out stays as it is.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateCategoryRequest {
    /// A new name; the slug stays.
    #[serde(default, deserialize_with = "text::trimmed_if_present")]
    #[validate(length(min = 1, max = 80), custom(function = text::one_line))]
    #[schema(min_length = 1, max_length = 80, nullable = false)]
    pub name: Option<String>,
    /// A new slug; the old one stays good.
    #[serde(default, deserialize_with = "text::trimmed_if_present")]
    #[validate(custom(function = text::slug))]
    #[schema(nullable = false)]
    pub slug: Option<String>,
    /// Another category above; null for the top.
    #[serde(default, deserialize_with = "text::present")]
    #[schema(value_type = Option<Uuid>)]
    pub parent_id: Option<Option<Uuid>>,
}

impl TryFrom<UpdateCategoryRequest> for CategoryEdit {
    type Error = Problem;

    fn try_from(request: UpdateCategoryRequest) -> Result<Self, Problem> {
        let slug = request.slug.map(|slug| to_slug("/slug", &slug)).transpose()?;
        let parent_id = request.parent_id.map(|parent| parent.map(CategoryId::new));
        Ok(Self { name: request.name, slug, parent_id })
    }
}

/// A material to be added.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateMaterialRequest {
    /// Its name; no other must have it.
    #[serde(deserialize_with = "text::trimmed")]
    #[validate(length(min = 1, max = 80), custom(function = text::one_line))]
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
}

/// A change of a material; what is left out stays as it is.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateMaterialRequest {
    /// A new name; the slug stays.
    #[serde(default, deserialize_with = "text::trimmed_if_present")]
    #[validate(length(min = 1, max = 80), custom(function = text::one_line))]
    #[schema(min_length = 1, max_length = 80, nullable = false)]
    pub name: Option<String>,
    /// A new slug; the old one stays good.
    #[serde(default, deserialize_with = "text::trimmed_if_present")]
    #[validate(custom(function = text::slug))]
    #[schema(nullable = false)]
    pub slug: Option<String>,
}

impl TryFrom<UpdateMaterialRequest> for MaterialEdit {
    type Error = Problem;

    fn try_from(request: UpdateMaterialRequest) -> Result<Self, Problem> {
        let slug = request.slug.map(|slug| to_slug("/slug", &slug)).transpose()?;
        Ok(Self { name: request.name, slug })
    }
}

/// Where something is merged into.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeRequest {
    /// The id of the other one, which stays.
    pub into: Uuid,
}
