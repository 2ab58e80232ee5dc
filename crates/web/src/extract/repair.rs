//! Reading a body past its first fault. Serde stops at the first; here each fault is noted, what is wrong is taken out or
//! filled in, and the body is read again, so that callers learn everything at once.

use crate::problem::FieldError;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use serde_path_to_error::{Path, Segment};

/// After so many rounds no further faults are looked for.
const MOST_FAULTS: usize = 50;

/// Reads a value. With faults it is only good for finding more of them; `None` when it can't be read at all.
pub fn deserialize<T: DeserializeOwned>(mut value: Value) -> (Option<T>, Vec<FieldError>) {
    let mut faults: Vec<FieldError> = Vec::new();
    if !value.is_object() {
        return (None, vec![FieldError::new("", "type", "must be an object")]);
    }
    for _ in 0..MOST_FAULTS {
        let error = match read::<T>(&value) {
            Ok(read) => return (Some(read), faults),
            Err(error) => error,
        };
        let (fault, mended) = mend::<T>(&value, &error);
        if !faults.iter().any(|known| is_within(&fault.pointer, &known.pointer)) {
            faults.push(fault);
        }
        let Some(mended) = mended else { break };
        value = mended;
    }
    (None, faults)
}

/// Whether a pointer leads to a place or below it.
pub fn is_within(pointer: &str, place: &str) -> bool {
    pointer.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A part of a JSON pointer (RFC 6901).
pub fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

struct Fault {
    pointer: String,
    message: String,
}

fn read<T: DeserializeOwned>(value: &Value) -> Result<T, Fault> {
    serde_path_to_error::deserialize(value).map_err(|error: serde_path_to_error::Error<serde_json::Error>| Fault {
        pointer: pointer(error.path()),
        message: error.inner().to_string(),
    })
}

fn pointer(path: &Path) -> String {
    let part = |segment: &Segment| match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => format!("/{}", escape(key)),
        Segment::Enum { .. } | Segment::Unknown => String::new(),
    };
    path.iter().map(part).collect()
}

/// What to tell of a fault, and the value without it.
fn mend<T: DeserializeOwned>(value: &Value, error: &Fault) -> (FieldError, Option<Value>) {
    let (parent, own) = error.pointer.rsplit_once('/').unwrap_or_default();
    // Serde names a field that it doesn't know in its message alone, the path may end at the object or at the field.
    if error.message.starts_with("unknown field") {
        for place in [error.pointer.as_str(), parent] {
            let Some(members) = value.pointer(place).and_then(Value::as_object) else { continue };
            let unknown = members.keys().find(|name| error.message.starts_with(&format!("unknown field `{name}`")));
            if let Some(name) = unknown {
                let fault = FieldError::new(
                    format!("{place}/{}", escape(name)),
                    "unknown-field",
                    "is not a field of this request",
                );
                return (fault, changed(value, place, |members| drop(members.remove(name))));
            }
        }
    }
    if let Some(name) = error.message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()) {
        let fault = FieldError::new(format!("{}/{}", error.pointer, escape(name)), "required", "is required");
        let filled = fillings(&error.message).find_map(|filling| {
            let filled =
                changed(value, &error.pointer, |members| drop(members.insert(name.to_owned(), filling.clone())))?;
            fits::<T>(&filled, &fault.pointer).then_some(filled)
        });
        return (fault, filled);
    }
    let fault = FieldError::new(&error.pointer, "type", told(&error.message));
    let filled = fillings(&error.message).find_map(|filling| {
        let filled = replaced(value, parent, own, filling)?;
        fits::<T>(&filled, &error.pointer).then_some(filled)
    });
    (fault, filled)
}

/// Whether the value has the right type at this place now; an object may still lack its fields.
fn fits<T: DeserializeOwned>(value: &Value, pointer: &str) -> bool {
    let fits = |error: Fault| !is_within(&error.pointer, pointer) || error.message.starts_with("missing field");
    read::<T>(value).err().is_none_or(fits)
}

/// Serde's words without Rust's names.
fn told(message: &str) -> String {
    let expected = message.split_once("expected ").map_or(message, |(_, expected)| expected);
    let expected = match expected {
        "i64" | "u64" | "i32" => "a whole number",
        "u32" | "u16" | "u8" | "usize" => "a whole number, zero or more",
        other if other.starts_with("a formatted UUID") || message.contains("UUID") => "a UUID",
        other if other.starts_with("struct ") || other == "a map" => "an object",
        "a sequence" => "a list",
        other => other,
    };
    format!("must be {expected}")
}

/// Values of every type, and the names that an enum's message gives.
fn fillings(message: &str) -> impl Iterator<Item = Value> {
    let plain = [json!(null), json!(""), json!(0), json!(false), json!([]), json!({})];
    let typed = [json!("00000000-0000-7000-8000-000000000000"), json!({"amount": 1, "currency": "EUR"})];
    let expected = message.split_once("expected").map_or("", |(_, names)| names);
    let names: Vec<Value> = expected.split('`').skip(1).step_by(2).map(Value::from).collect();
    plain.into_iter().chain(typed).chain(names)
}

fn changed(value: &Value, pointer: &str, change: impl FnOnce(&mut Map<String, Value>)) -> Option<Value> {
    let mut value = value.clone();
    change(value.pointer_mut(pointer)?.as_object_mut()?);
    Some(value)
}

fn replaced(value: &Value, parent: &str, own: &str, filling: Value) -> Option<Value> {
    let mut value = value.clone();
    *value.pointer_mut(&format!("{parent}/{own}"))? = filling;
    Some(value)
}
