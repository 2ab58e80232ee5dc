//! What every operation has in common, written once: the problems that any of them may answer, and the header
//! `Idempotency-Key`.

use super::permissions;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder};

const TOO_MANY: &str = "`rate-limited`";
const AWAY: &str = "`service-unavailable`: something that we need did not answer";

/// Adds to each operation what its handler did not say.
pub fn complete(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            complete_one(path, method, operation);
            permissions::tell(operation);
        }
    }
}

/// The operations of an address with their methods.
fn operations(item: &mut PathItem) -> Vec<(&'static str, &mut Operation)> {
    let known = [
        ("get", &mut item.get),
        ("post", &mut item.post),
        ("put", &mut item.put),
        ("patch", &mut item.patch),
        ("delete", &mut item.delete),
    ];
    known.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?))).collect()
}

fn complete_one(path: &str, method: &str, operation: &mut Operation) {
    let (has_body, has_security) = (operation.request_body.is_some(), operation.security.is_some());
    let has_query = operation.parameters.iter().flatten().any(is_query);
    let webhook = path.contains("/webhooks/");
    let keyed = ["post", "put", "patch"].contains(&method) && !webhook;
    let unsafe_method = method != "get" && !webhook;
    if keyed {
        let required = path.ends_with("/checkout");
        let parameter = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .required(if required { Required::True } else { Required::False })
            .description(Some(
                "1 to 255 visible characters; the same request again gets the first answer, for 24 hours",
            ))
            .schema(Some(
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .min_length(Some(1))
                    .max_length(Some(255))
                    .pattern(Some("^[!-~]+$")),
            ));
        operation.parameters.get_or_insert_default().push(RefOr::T(parameter.build()));
    }
    let may_have: [(bool, &str, &str); 12] = [
        (has_body || keyed, "400", "`malformed-json`, `idempotency-key-invalid`, `idempotency-key-required`"),
        (has_security, "401", "`unauthorized`, `token-invalid`, `token-revoked`"),
        (unsafe_method, "403", "`cross-site-request`"),
        (path.contains('{'), "404", "`not-found`"),
        (has_body, "408", "`request-timeout`"),
        (keyed, "409", "`idempotency-key-in-use`"),
        (has_body, "413", "`body-too-large`"),
        (has_body && !webhook, "415", "`unsupported-media-type`"),
        (has_body && !webhook || keyed || has_query, "422", "`validation-failed`, `idempotency-key-reused`"),
        (true, "429", TOO_MANY),
        (true, "500", "`internal-error`"),
        (true, "503", AWAY),
    ];
    for (_, status, description) in may_have.into_iter().filter(|(may, ..)| *may) {
        let responses = &mut operation.responses.responses;
        responses.entry(status.to_owned()).or_insert_with(|| RefOr::T(problem(status, description)));
    }
}

fn is_query(parameter: &RefOr<Parameter>) -> bool {
    matches!(parameter, RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Query)
}

fn problem(status: &str, description: &str) -> Response {
    let schema = Ref::from_schema_name("Problem");
    let content = ContentBuilder::new().schema(Some(schema)).build();
    let response = ResponseBuilder::new().description(description).content("application/problem+json", content);
    let number = || HeaderBuilder::new().schema(Some(ObjectBuilder::new().schema_type(Type::Integer))).build();
    match status {
        "429" | "503" => response.header("Retry-After", number()).build(),
        _ => response.build(),
    }
}
