//! One's own address book.

use crate::extract::{InOrder, Permitted, ValidJson, text};
use crate::problem::{Problem, ProblemDocument, registry};
use actix_web::{HttpResponse, delete, get, post, put, web};
use application::identity::address_book::{AddressEntry, AddressError, KeepAddresses};
use application::identity::policy::{EditProfile, ViewProfile};
use chrono::{DateTime, Utc};
use domain::identity::{PostalAddress, SavedAddress};
use domain::kernel::AddressId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

type Answer = Result<HttpResponse, Problem>;

/// An address for the book.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressRequest {
    /// Who receives what is sent there.
    #[serde(deserialize_with = "text::trimmed")]
    #[validate(length(min = 1, max = 200), custom(function = text::one_line))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// Street and number.
    #[serde(deserialize_with = "text::trimmed")]
    #[validate(length(min = 1, max = 200), custom(function = text::one_line))]
    #[schema(min_length = 1, max_length = 200)]
    pub line1: String,
    /// Floor, company, or the like.
    #[serde(default, deserialize_with = "text::trimmed_or_none")]
    #[validate(length(max = 200), custom(function = text::one_line))]
    #[schema(max_length = 200)]
    pub line2: Option<String>,
    /// City.
    #[serde(deserialize_with = "text::trimmed")]
    #[validate(length(min = 1, max = 200), custom(function = text::one_line))]
    #[schema(min_length = 1, max_length = 200)]
    pub city: String,
    /// Postal code.
    #[serde(deserialize_with = "text::trimmed")]
    #[validate(length(min = 1, max = 32), custom(function = text::one_line))]
    #[schema(min_length = 1, max_length = 32)]
    pub postal_code: String,
    /// State, province or county.
    #[serde(default, deserialize_with = "text::trimmed_or_none")]
    #[validate(length(max = 200), custom(function = text::one_line))]
    #[schema(max_length = 200)]
    pub region: Option<String>,
    /// ISO 3166-1 alpha-2, in upper case.
    #[validate(custom(function = text::country))]
    #[schema(min_length = 2, max_length = 2, example = "DE")]
    pub country: String,
    /// Whether it becomes the default; the others cease to be it. The first address is the default anyway, and a default
    /// stays it until another one becomes it.
    #[serde(default)]
    pub default: bool,
}

impl From<AddressRequest> for AddressEntry {
    fn from(request: AddressRequest) -> Self {
        let AddressRequest { name, line1, line2, city, postal_code, region, country, default } = request;
        let address = PostalAddress { name, line1, line2, city, postal_code, region, country };
        Self { address, is_default: default }
    }
}

/// An address in the book.
#[derive(Debug, Serialize, ToSchema)]
pub struct Address {
    /// Its id.
    pub id: Uuid,
    /// Who receives what is sent there.
    pub name: String,
    /// Street and number.
    pub line1: String,
    /// Floor, company, or the like.
    #[schema(required)]
    pub line2: Option<String>,
    /// City.
    pub city: String,
    /// Postal code.
    pub postal_code: String,
    /// State, province or county.
    #[schema(required)]
    pub region: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Whether it is the one that is offered first.
    pub default: bool,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl From<SavedAddress> for Address {
    fn from(saved: SavedAddress) -> Self {
        let PostalAddress { name, line1, line2, city, postal_code, region, country } = saved.address;
        Self {
            id: saved.id.uuid(),
            name,
            line1,
            line2,
            city,
            postal_code,
            region,
            country,
            default: saved.is_default,
            created_at: saved.created_at,
            updated_at: saved.updated_at,
        }
    }
}

/// Someone's addresses.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddressList {
    /// All of them, the default first, then those added last.
    pub data: Vec<Address>,
    /// Always `null`.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// Your address book.
#[utoipa::path(operation_id = "list_addresses", tag = "identity", security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, description = "Your addresses, the default first", body = AddressList),
))]
#[get("/users/me/addresses")]
pub async fn list_addresses(caller: Permitted<ViewProfile>, addresses: web::Data<dyn KeepAddresses>) -> Answer {
    let data = addresses.list(&caller.0).await?.into_iter().map(Address::from).collect();
    Ok(HttpResponse::Ok().json(AddressList { data, next_cursor: None }))
}

/// Add an address. The first one becomes the default.
#[utoipa::path(operation_id = "create_address", tag = "identity", security(("bearer" = []), ("cookie" = [])),
    request_body = AddressRequest, responses(
    (status = 201, description = "The new address", body = Address, headers(("Location" = String, description = "Where it is"))),
    (status = 409, description = "`too-many-addresses`: there are 50", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/users/me/addresses")]
pub async fn create_address(
    input: InOrder<Permitted<EditProfile>, ValidJson<AddressRequest>>,
    addresses: web::Data<dyn KeepAddresses>,
) -> Answer {
    let InOrder(Permitted(caller), ValidJson(body)) = input;
    let saved = addresses.add(&caller, body.into()).await?;
    let location = format!("/api/v1/users/me/addresses/{}", saved.id);
    Ok(HttpResponse::Created().insert_header(("location", location)).json(Address::from(saved)))
}

/// One of your addresses.
#[utoipa::path(operation_id = "get_address", tag = "identity", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The address")), responses(
    (status = 200, description = "The address", body = Address),
    (status = 404, description = "`not-found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/users/me/addresses/{id}")]
pub async fn get_address(
    input: InOrder<Permitted<ViewProfile>, web::Path<Uuid>>,
    addresses: web::Data<dyn KeepAddresses>,
) -> Answer {
    let InOrder(Permitted(caller), id) = input;
    Ok(HttpResponse::Ok().json(Address::from(addresses.find(&caller, AddressId::new(*id)).await?)))
}

/// Replace one of your addresses. Orders keep the one that they were placed with.
#[utoipa::path(operation_id = "replace_address", tag = "identity", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The address")), request_body = AddressRequest, responses(
    (status = 200, description = "The address as it is now", body = Address),
    (status = 404, description = "`not-found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[put("/users/me/addresses/{id}")]
pub async fn replace_address(
    input: InOrder<Permitted<EditProfile>, InOrder<web::Path<Uuid>, ValidJson<AddressRequest>>>,
    addresses: web::Data<dyn KeepAddresses>,
) -> Answer {
    let InOrder(Permitted(caller), InOrder(id, ValidJson(body))) = input;
    let saved = addresses.replace(&caller, AddressId::new(*id), body.into()).await?;
    Ok(HttpResponse::Ok().json(Address::from(saved)))
}

/// Remove one of your addresses. After the default, the one added last becomes it.
#[utoipa::path(operation_id = "remove_address", tag = "identity", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The address")), responses(
    (status = 204, description = "It is gone"),
    (status = 404, description = "`not-found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[delete("/users/me/addresses/{id}")]
pub async fn remove_address(
    input: InOrder<Permitted<EditProfile>, web::Path<Uuid>>,
    addresses: web::Data<dyn KeepAddresses>,
) -> Answer {
    let InOrder(Permitted(caller), id) = input;
    addresses.remove(&caller, AddressId::new(*id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

impl From<AddressError> for Problem {
    fn from(error: AddressError) -> Self {
        match error {
            AddressError::NotFound => Self::new(&registry::NOT_FOUND),
            AddressError::Full => Self::new(&registry::TOO_MANY_ADDRESSES),
            AddressError::Gone => Self::new(&registry::TOKEN_INVALID),
            AddressError::Repository(error) => error.into(),
        }
    }
}
