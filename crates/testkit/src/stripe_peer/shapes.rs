//! Objects in Stripe's own shapes.

use serde_json::Value;
use std::sync::LazyLock;

static SHAPES: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../fixtures/stripe.json")).expect("Stripe's shapes"));

/// An object of this kind, with these values. A field that the kind does not have is a mistake of this stand-in's.
pub fn shaped(kind: &str, values: &Value) -> Value {
    let mut object = SHAPES["resources"][kind].clone();
    for (name, value) in values.as_object().expect("an object") {
        *object.get_mut(name).unwrap_or_else(|| panic!("Stripe's {kind} has no {name}")) = value.clone();
    }
    object
}
