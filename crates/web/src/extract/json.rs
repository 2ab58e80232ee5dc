//! JSON bodies that obey their rules: the media type, the syntax, the fields and their types, and `validator`'s rules.
//! Everything that is wrong with a well-formed body is told at once, each fault at its JSON pointer.

use super::repair;
use crate::problem::{FieldError, Problem, registry};
use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest, web};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::future::Future;
use std::pin::Pin;
use validator::{Validate, ValidationError, ValidationErrors, ValidationErrorsKind};

/// A body that obeys the rules of `T`.
#[derive(Debug)]
pub struct ValidJson<T>(pub T);

/// The same, where no body at all stands for an empty object.
#[derive(Debug)]
pub struct MaybeJson<T>(pub T);

type Extraction<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

impl<T: DeserializeOwned + Validate + 'static> FromRequest for ValidJson<T> {
    type Error = Problem;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let body = body(&request, &mut payload).await?;
            must_be_json(&request)?;
            parse(&body).map(Self)
        })
    }
}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for MaybeJson<T> {
    type Error = Problem;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let body = body(&request, &mut payload).await?;
            if body.is_empty() {
                return parse(b"{}").map(Self);
            }
            must_be_json(&request)?;
            parse(&body).map(Self)
        })
    }
}

async fn body(request: &HttpRequest, payload: &mut Payload) -> Result<web::Bytes, Problem> {
    let body = web::Bytes::from_request(request, payload).await;
    body.map_err(|error| Problem::new(&registry::BAD_REQUEST).caused_by(error.to_string()))
}

fn must_be_json(request: &HttpRequest) -> Result<(), Problem> {
    let header = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = header.split(';').map(|part| part.trim().to_ascii_lowercase());
    let media_type = parts.next().unwrap_or_default();
    let charset = parts.find_map(|part| part.strip_prefix("charset=").map(|name| name.trim_matches('"').to_owned()));
    let json =
        media_type == "application/json" || (media_type.starts_with("application/") && media_type.ends_with("+json"));
    let readable = json && charset.is_none_or(|name| name == "utf-8" || name == "us-ascii");
    if readable { Ok(()) } else { Err(Problem::new(&registry::UNSUPPORTED_MEDIA_TYPE)) }
}

/// Reads a body and checks all of its rules.
///
/// # Errors
/// `malformed-json`, or `validation-failed` with every fault.
pub fn parse<T: DeserializeOwned + Validate>(body: &[u8]) -> Result<T, Problem> {
    check(serde_json::from_slice(body).map_err(|error| not_json(&error))?)
}

/// The same for what is JSON already, such as a row of a batch.
///
/// # Errors
/// `validation-failed` with every fault.
pub fn check<T: DeserializeOwned + Validate>(value: Value) -> Result<T, Problem> {
    let mut faults = Vec::new();
    find_nul(&value, String::new(), &mut faults);
    let (read, of_types) = repair::deserialize::<T>(value);
    faults.extend(of_types);
    let broken = read.as_ref().map_or(Ok(()), Validate::validate);
    if let Err(errors) = broken {
        let mut of_rules = Vec::new();
        flatten("", &errors, &mut of_rules);
        of_rules.sort_by(|a, b| a.pointer.cmp(&b.pointer));
        // A field that could not be read at all was filled in; its rules say nothing.
        let unread = |fault: &FieldError| faults.iter().any(|known| repair::is_within(&fault.pointer, &known.pointer));
        of_rules.retain(|fault| !unread(fault));
        faults.extend(of_rules);
    }
    match read {
        Some(read) if faults.is_empty() => Ok(read),
        _ => Err(Problem::invalid(faults)),
    }
}

fn not_json(error: &serde_json::Error) -> Problem {
    if error.to_string().starts_with("number out of range") {
        return Problem::invalid_field("", "out-of-range", "has a number that is out of range");
    }
    let place = format!("The body is not JSON: line {}, column {}.", error.line(), error.column());
    Problem::new(&registry::MALFORMED_JSON).detail(place)
}

/// No text may have the character U+0000: PostgreSQL holds none, and C's strings end there.
fn find_nul(value: &Value, pointer: String, faults: &mut Vec<FieldError>) {
    match value {
        Value::String(text) if text.contains('\0') => {
            faults.push(FieldError::new(pointer, "control-character", "has the character U+0000"));
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                find_nul(value, format!("{pointer}/{index}"), faults);
            }
        }
        Value::Object(members) => {
            for (name, value) in members {
                let pointer = format!("{pointer}/{}", repair::escape(name));
                if name.contains('\0') {
                    faults.push(FieldError::new(pointer.clone(), "control-character", "has the character U+0000"));
                }
                find_nul(value, pointer, faults);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The faults of a body, each with its pointer; rules of a whole struct stand under `__all__` and at the struct.
fn flatten(at: &str, errors: &ValidationErrors, faults: &mut Vec<FieldError>) {
    for (field, kind) in errors.errors() {
        let here = if field == "__all__" { at.to_owned() } else { format!("{at}/{}", repair::escape(field)) };
        match kind {
            ValidationErrorsKind::Field(errors) => errors.iter().for_each(|error| told(&here, error, faults)),
            ValidationErrorsKind::Struct(errors) => flatten(&here, errors, faults),
            ValidationErrorsKind::List(list) => {
                for (index, errors) in list {
                    flatten(&format!("{here}/{index}"), errors, faults);
                }
            }
        }
    }
}

fn told(at: &str, error: &ValidationError, faults: &mut Vec<FieldError>) {
    let several = error.params.get("faults").and_then(Value::as_array);
    if let Some(several) = several {
        let part = |fault: &Value, name: &str| fault.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let fault = |fault| {
            FieldError::new(format!("{at}{}", part(fault, "pointer")), part(fault, "code"), part(fault, "message"))
        };
        faults.extend(several.iter().map(fault));
        return;
    }
    let number = |name: &str| error.params.get(name).filter(|value| value.is_number());
    let (code, message) = match (error.code.as_ref(), number("min"), number("max")) {
        ("length", min, max) => length(error, min, max),
        ("range", Some(min), Some(max)) => ("out-of-range", format!("must be between {min} and {max}")),
        (code, ..) => (code, error.message.as_deref().unwrap_or("is not valid").to_owned()),
    };
    faults.push(FieldError::new(at, code, message));
}

/// Whether something is too short or too long; a text of nothing is missing.
fn length(error: &ValidationError, min: Option<&Value>, max: Option<&Value>) -> (&'static str, String) {
    let size = match error.params.get("value") {
        Some(Value::String(text)) => text.chars().count() as u64,
        Some(Value::Array(values)) => values.len() as u64,
        Some(Value::Object(members)) => members.len() as u64,
        _ => 0,
    };
    let below = min.filter(|min| min.as_u64().is_some_and(|min| size < min));
    match (below, max) {
        (Some(_), _) if size == 0 => ("required", "must not be empty".to_owned()),
        (Some(min), _) => ("too-short", format!("must have {min} at least")),
        (None, Some(max)) => ("too-long", format!("must have {max} at the most")),
        (None, None) => ("length", "has the wrong length".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::text;
    use serde::Deserialize;
    use serde_json::json;

    #[derive(Debug, Deserialize, Validate)]
    #[serde(deny_unknown_fields)]
    struct Body {
        #[validate(custom(function = text::email))]
        email: String,
        #[validate(length(min = 1, max = 5), custom(function = text::one_line))]
        name: String,
        #[validate(range(min = 1, max = 999))]
        quantity: u32,
        role: Option<Role>,
        #[serde(default)]
        #[validate(nested)]
        lines: Vec<Line>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Role {
        Customer,
        Seller,
    }

    #[derive(Debug, Deserialize, Validate)]
    #[serde(deny_unknown_fields)]
    struct Line {
        #[validate(length(min = 1))]
        sku: String,
    }

    fn faults(body: &str) -> Vec<(String, String)> {
        let problem = parse::<Body>(body.as_bytes()).unwrap_err();
        assert_eq!(problem.code(), "validation-failed", "{body}");
        problem.errors().iter().map(|fault| (fault.pointer.clone(), fault.code.clone())).collect()
    }

    fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
        pairs.into_iter().map(|(a, b)| (a.to_owned(), b.to_owned())).collect()
    }

    #[test]
    fn a_good_body_is_read() {
        let body: Body = parse(br#"{"email":"a@b.co","name":"Ann","quantity":2,"role":"seller"}"#).unwrap();
        assert_eq!((body.name.as_str(), body.quantity), ("Ann", 2));
        assert!(matches!(body.role, Some(Role::Seller)) && body.lines.is_empty());
        assert!(!matches!(body.role, Some(Role::Customer)) && body.email == "a@b.co");
    }

    #[test]
    fn what_is_no_json_is_a_400() {
        for body in ["", "{", "{\"a\":}", "nope", "{\"a\":1,}", "\u{feff}{}"] {
            assert_eq!(parse::<Body>(body.as_bytes()).unwrap_err().code(), "malformed-json", "{body}");
        }
        let deep = "[".repeat(500);
        assert_eq!(parse::<Body>(deep.as_bytes()).unwrap_err().code(), "malformed-json");
    }

    #[test]
    fn faults_of_every_kind_are_told_together() {
        let body = json!({"email": "nobody", "name": "", "quantity": "two", "role": "admin", "extra": 1, "lines": [{"sku": ""}]});
        let mut told = faults(&body.to_string());
        told.sort();
        assert_eq!(
            told,
            pairs([
                ("/email", "email"),
                ("/extra", "unknown-field"),
                ("/lines/0/sku", "required"),
                ("/name", "required"),
                ("/quantity", "type"),
                ("/role", "type"),
            ])
        );
    }

    #[test]
    fn missing_fields_are_all_named() {
        assert_eq!(faults("{}"), pairs([("/email", "required"), ("/name", "required"), ("/quantity", "required")]));
        let nested = faults(r#"{"email":"a@b.co","name":"A","quantity":1,"lines":[{},{"sku":"a","b":1}]}"#);
        assert_eq!(nested, pairs([("/lines/0/sku", "required"), ("/lines/1/b", "unknown-field")]));
    }

    #[test]
    fn numbers_out_of_range_are_faults_and_no_failure() {
        for quantity in ["0", "1000", "-1", "4294967296", "1.5", "1e3", "99999999999999999999999"] {
            let told = faults(&format!(r#"{{"email":"a@b.co","name":"A","quantity":{quantity}}}"#));
            assert_eq!(told.first().unwrap().0, "/quantity", "{quantity}");
        }
        assert_eq!(faults(r#"{"quantity":1e999}"#), pairs([("", "out-of-range")]));
    }

    #[test]
    fn a_body_that_is_no_object_is_a_fault() {
        for body in ["[]", "null", "3", "\"text\""] {
            assert_eq!(faults(body).first().unwrap(), &(String::new(), "type".to_owned()), "{body}");
        }
    }

    #[test]
    fn the_character_nul_is_refused_anywhere() {
        let told = faults(r#"{"email":"a@b.co","name":"A\u0000","quantity":1}"#);
        assert_eq!(told, pairs([("/name", "control-character")]));
    }
}
