//! Handlers of the pictures of sellers' own products.

use super::dto::{UpdateImageRequest, UploadImageRequest};
use super::upload::PictureUpload;
use crate::catalog::dto::Image;
use crate::extract::{InOrder, Permitted, ValidJson};
use crate::problem::{Problem, ProblemDocument};
use actix_web::{HttpResponse, delete, patch, post, web};
use application::catalog::views::ImageView;
use application::identity::policy;
use application::media::pictures::KeepPictures;
use domain::kernel::{ImageId, ProductId};
use uuid::Uuid;

type Answer = Result<HttpResponse, Problem>;
/// Of a product, and of one of its pictures.
type Ids = web::Path<(Uuid, Uuid)>;

/// Add a picture to a product, as its last one. It is drawn anew: upright, without its metadata, and not larger than 2048 pixels;
/// smaller sizes follow.
#[utoipa::path(operation_id = "upload_product_image", tag = "catalog", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The product's id")),
    request_body(content = UploadImageRequest, content_type = "multipart/form-data"), responses(
    (status = 201, description = "The new picture", body = Image),
    (status = 403, description = "`seller-role-required`, `email-not-verified`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`product-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`too-many-images`, `idempotency-key-in-use`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 415, description = "`image-type-unsupported`, `unsupported-media-type`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 422, description = "`image-too-large`, `image-unreadable`, `validation-failed`, `idempotency-key-reused`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/seller/products/{id}/images")]
pub async fn upload_product_image(
    input: InOrder<Permitted<policy::SellProducts>, InOrder<web::Path<Uuid>, PictureUpload>>,
    desk: web::Data<dyn KeepPictures>,
) -> Answer {
    let InOrder(Permitted(caller), InOrder(id, PictureUpload { file, alt })) = input;
    let picture = desk.add(&caller, ProductId::new(*id), file, alt).await?;
    Ok(HttpResponse::Created().json(Image::from(ImageView::from(picture))))
}

/// Change what is said of a picture, or its place among the others.
#[utoipa::path(operation_id = "update_product_image", tag = "catalog", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The product's id"), ("image_id" = Uuid, Path, description = "The picture's id")),
    request_body = UpdateImageRequest, responses(
    (status = 200, description = "The picture as it is now", body = Image),
    (status = 403, description = "`seller-role-required`, `email-not-verified`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`product-not-found`, `image-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[patch("/seller/products/{id}/images/{image_id}")]
pub async fn update_product_image(
    input: InOrder<Permitted<policy::SellProducts>, InOrder<Ids, ValidJson<UpdateImageRequest>>>,
    desk: web::Data<dyn KeepPictures>,
) -> Answer {
    let InOrder(Permitted(caller), InOrder(ids, ValidJson(body))) = input;
    let (product, image) = ids.into_inner();
    let picture = desk.change(&caller, ProductId::new(product), ImageId::new(image), body.into()).await?;
    Ok(HttpResponse::Ok().json(Image::from(ImageView::from(picture))))
}

/// Take a picture away, with its files.
#[utoipa::path(operation_id = "remove_product_image", tag = "catalog", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The product's id"), ("image_id" = Uuid, Path, description = "The picture's id")),
    responses(
    (status = 204, description = "It is gone"),
    (status = 403, description = "`seller-role-required`, `email-not-verified`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`product-not-found`, `image-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[delete("/seller/products/{id}/images/{image_id}")]
pub async fn remove_product_image(
    input: InOrder<Permitted<policy::SellProducts>, Ids>,
    desk: web::Data<dyn KeepPictures>,
) -> Answer {
    let InOrder(Permitted(caller), ids) = input;
    let (product, image) = ids.into_inner();
    desk.remove(&caller, ProductId::new(product), ImageId::new(image)).await?;
    Ok(HttpResponse::NoContent().finish())
}
