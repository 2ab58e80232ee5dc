//! Handlers that add to the categories and materials, and arrange them.

use super::place_dto::{
    Category, CreateCategoryRequest, CreateMaterialRequest, Material, MergeRequest, UpdateCategoryRequest,
    UpdateMaterialRequest,
};
use crate::extract::{CallingClient, InOrder, Permitted, ValidJson};
use crate::problem::{Problem, ProblemDocument};
use actix_web::{HttpResponse, delete, patch, post, web};
use application::catalog::arrange_categories::ArrangeCategories;
use application::catalog::arrange_materials::ArrangeMaterials;
use application::catalog::browse::BrowseCatalog;
use application::identity::policy::{AddToCatalogue, ArrangeCatalogue};
use domain::kernel::{CategoryId, MaterialId};
use uuid::Uuid;

type Answer = Result<HttpResponse, Problem>;

/// Add a category, below another or at the top, for everybody's products. Its slug is drawn from its name.
#[utoipa::path(operation_id = "create_category", tag = "catalog", security(("bearer" = []), ("cookie" = [])),
    request_body = CreateCategoryRequest, responses(
    (status = 201, description = "The new category", body = Category),
    (status = 403, description = "`seller-role-required`, `email-not-verified`, `api-key-scope-missing`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`category-exists` with `existing`, `catalogue-full`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/categories")]
pub async fn create_category(
    input: InOrder<Permitted<AddToCatalogue>, ValidJson<CreateCategoryRequest>>,
    desk: web::Data<dyn ArrangeCategories>,
) -> Answer {
    let InOrder(Permitted(caller), ValidJson(body)) = input;
    let made = desk.create(&caller, body.name, body.parent_id.map(CategoryId::new)).await?;
    Ok(HttpResponse::Created().json(Category::from(made)))
}

/// Rename a category, move it below another, or give it another slug. Its old slug stays good.
#[utoipa::path(operation_id = "update_category", tag = "catalog", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The category's id")), request_body = UpdateCategoryRequest, responses(
    (status = 200, description = "The category as it is now", body = Category),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`category-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`category-exists` with `existing`, `slug-taken`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[patch("/admin/categories/{id}")]
pub async fn update_category(
    input: InOrder<Permitted<ArrangeCatalogue>, InOrder<web::Path<Uuid>, ValidJson<UpdateCategoryRequest>>>,
    client: CallingClient,
    desk: web::Data<dyn ArrangeCategories>,
    catalog: web::Data<dyn BrowseCatalog>,
) -> Answer {
    let InOrder(Permitted(caller), InOrder(id, ValidJson(body))) = input;
    let changed = desk.change(&caller, CategoryId::new(*id), body.try_into()?, &client.0).await?;
    category_as_shown(catalog.as_ref(), changed).await
}

/// Give all that a category has to another one (products, categories below it, addresses), and remove it.
#[utoipa::path(operation_id = "merge_category", tag = "catalog", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The category that goes")), request_body = MergeRequest, responses(
    (status = 200, description = "The category that stays", body = Category),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`category-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/admin/categories/{id}/merge")]
pub async fn merge_category(
    input: InOrder<Permitted<ArrangeCatalogue>, InOrder<web::Path<Uuid>, ValidJson<MergeRequest>>>,
    client: CallingClient,
    desk: web::Data<dyn ArrangeCategories>,
    catalog: web::Data<dyn BrowseCatalog>,
) -> Answer {
    let InOrder(Permitted(caller), InOrder(id, ValidJson(body))) = input;
    let stays = desk.merge(&caller, CategoryId::new(*id), CategoryId::new(body.into), &client.0).await?;
    category_as_shown(catalog.as_ref(), stays).await
}

/// Remove a category that neither products nor categories are in. One that is in use is merged into another instead.
#[utoipa::path(operation_id = "remove_category", tag = "catalog", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The category's id")), responses(
    (status = 204, description = "It is gone"),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`category-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`category-not-empty`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[delete("/admin/categories/{id}")]
pub async fn remove_category(
    input: InOrder<Permitted<ArrangeCatalogue>, web::Path<Uuid>>,
    client: CallingClient,
    desk: web::Data<dyn ArrangeCategories>,
) -> Answer {
    let InOrder(Permitted(caller), id) = input;
    desk.remove(&caller, CategoryId::new(*id), &client.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Add a material, for everybody's products. Its slug is drawn from its name.
#[utoipa::path(operation_id = "create_material", tag = "catalog", security(("bearer" = []), ("cookie" = [])),
    request_body = CreateMaterialRequest, responses(
    (status = 201, description = "The new material", body = Material),
    (status = 403, description = "`seller-role-required`, `email-not-verified`, `api-key-scope-missing`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`material-exists` with `existing`, `catalogue-full`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/materials")]
pub async fn create_material(
    input: InOrder<Permitted<AddToCatalogue>, ValidJson<CreateMaterialRequest>>,
    desk: web::Data<dyn ArrangeMaterials>,
) -> Answer {
    let InOrder(Permitted(caller), ValidJson(body)) = input;
    let made = desk.create(&caller, body.name).await?;
    Ok(HttpResponse::Created().json(Material::from(made)))
}

/// Rename a material, or give it another slug. Its old slug stays good.
#[utoipa::path(operation_id = "update_material", tag = "catalog", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The material's id")), request_body = UpdateMaterialRequest, responses(
    (status = 200, description = "The material as it is now", body = Material),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`material-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`material-exists` with `existing`, `slug-taken`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[patch("/admin/materials/{id}")]
pub async fn update_material(
    input: InOrder<Permitted<ArrangeCatalogue>, InOrder<web::Path<Uuid>, ValidJson<UpdateMaterialRequest>>>,
    client: CallingClient,
    desk: web::Data<dyn ArrangeMaterials>,
    catalog: web::Data<dyn BrowseCatalog>,
) -> Answer {
    let InOrder(Permitted(caller), InOrder(id, ValidJson(body))) = input;
    let changed = desk.change(&caller, MaterialId::new(*id), body.try_into()?, &client.0).await?;
    material_as_shown(catalog.as_ref(), changed).await
}

/// Make whatever is made of one material of another one, which gets its addresses, and remove it.
#[utoipa::path(operation_id = "merge_material", tag = "catalog", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The material that goes")), request_body = MergeRequest, responses(
    (status = 200, description = "The material that stays", body = Material),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`material-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/admin/materials/{id}/merge")]
pub async fn merge_material(
    input: InOrder<Permitted<ArrangeCatalogue>, InOrder<web::Path<Uuid>, ValidJson<MergeRequest>>>,
    client: CallingClient,
    desk: web::Data<dyn ArrangeMaterials>,
    catalog: web::Data<dyn BrowseCatalog>,
) -> Answer {
    let InOrder(Permitted(caller), InOrder(id, ValidJson(body))) = input;
    let stays = desk.merge(&caller, MaterialId::new(*id), MaterialId::new(body.into), &client.0).await?;
    material_as_shown(catalog.as_ref(), stays).await
}

/// Remove a material that no product is made of. One that is in use is merged into another instead.
#[utoipa::path(operation_id = "remove_material", tag = "catalog", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The material's id")), responses(
    (status = 204, description = "It is gone"),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`material-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`material-in-use`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[delete("/admin/materials/{id}")]
pub async fn remove_material(
    input: InOrder<Permitted<ArrangeCatalogue>, web::Path<Uuid>>,
    client: CallingClient,
    desk: web::Data<dyn ArrangeMaterials>,
) -> Answer {
    let InOrder(Permitted(caller), id) = input;
    desk.remove(&caller, MaterialId::new(*id), &client.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// With all its slugs, as lists show it; if another admin has removed it meanwhile, as it was left.
async fn category_as_shown(catalog: &dyn BrowseCatalog, category: domain::catalog::Category) -> Answer {
    let shown = catalog.categories().await?.into_iter().find(|view| view.category.id == category.id);
    Ok(HttpResponse::Ok().json(shown.map_or_else(|| Category::from(category), Category::from)))
}

async fn material_as_shown(catalog: &dyn BrowseCatalog, material: domain::catalog::Material) -> Answer {
    let shown = catalog.materials().await?.into_iter().find(|view| view.material.id == material.id);
    Ok(HttpResponse::Ok().json(shown.map_or_else(|| Material::from(material), Material::from)))
}
