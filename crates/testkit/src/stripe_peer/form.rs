//! What Stripe takes for a new Checkout Session, and what it refuses: the fields that the shop has use for, by the names and
//! limits of <https://docs.stripe.com/api/checkout/sessions/create>. Any other field is a mistake.

use crate::system::SystemClock;
use application::system::Clock;
use serde_json::{Map, Value};
use url::{Url, form_urlencoded};

/// A form's fields, by their names with brackets.
pub type Fields = Vec<(String, String)>;

/// What is wrong.
pub struct Fault {
    pub code: &'static str,
    pub param: String,
}

const KNOWN: [&str; 16] = [
    "mode",
    "client_reference_id",
    "customer_email",
    "success_url",
    "cancel_url",
    "expires_at",
    "allowed_payment_method_types[]",
    "adaptive_pricing[enabled]",
    "metadata[]",
    "payment_intent_data[description]",
    "payment_intent_data[capture_method]",
    "payment_intent_data[metadata][]",
    "line_items[][quantity]",
    "line_items[][price_data][currency]",
    "line_items[][price_data][unit_amount]",
    "line_items[][price_data][product_data][name]",
];
const KNOWN_OF_A_PRODUCT: &str = "line_items[][price_data][product_data][metadata][]";
const CURRENCIES: [&str; 8] = ["eur", "usd", "gbp", "chf", "jpy", "kwd", "isk", "mga"];

/// The fields of a body.
pub fn fields(body: &str) -> Fields {
    form_urlencoded::parse(body.as_bytes()).into_owned().collect()
}

/// What is wrong with a body, if anything.
pub fn fault(body: &str) -> Option<Fault> {
    let fields = fields(body);
    let unknown = fields.iter().find(|(name, _)| !is_known(name));
    let of = |code: &'static str, name: &str| Some(Fault { code, param: name.to_owned() });
    if let Some((name, _)) = unknown {
        return of("parameter_unknown", name);
    }
    if let Some((name, _)) = fields.iter().find(|(name, value)| !is_fit(name, value)) {
        return of("parameter_invalid", name);
    }
    let twice =
        fields.iter().enumerate().find(|(index, (name, _))| fields[..*index].iter().any(|(other, _)| other == name));
    if let Some((_, (name, _))) = twice {
        return of("parameter_twice", name);
    }
    for name in ["mode", "success_url", "line_items[0][quantity]"] {
        if fields.iter().all(|(known, _)| known != name) {
            return of("parameter_missing", name);
        }
    }
    let currencies: Vec<_> = fields.iter().filter(|(name, _)| name.ends_with("[currency]")).collect();
    if currencies.iter().any(|(_, code)| *code != currencies[0].1) {
        return of("currencies_mixed", "line_items");
    }
    let (total, _) = total(&fields);
    match total {
        ..50 => of("amount_too_small", "line_items"),
        50..=99_999_999 => None,
        _ => of("amount_too_large", "line_items"),
    }
}

/// What is to be paid, and in what.
pub fn total(fields: &Fields) -> (i64, String) {
    let number = |line: usize, field: &str| {
        value(fields, &format!("line_items[{line}]{field}")).and_then(|text| text.parse::<i64>().ok())
    };
    let price = |line| Some(number(line, "[quantity]")? * number(line, "[price_data][unit_amount]")?);
    let currency = value(fields, "line_items[0][price_data][currency]").unwrap_or_default();
    ((0..).map_while(price).sum(), currency.to_owned())
}

/// The entries of a map such as `metadata`.
pub fn map(fields: &Fields, name: &str) -> Value {
    let key = |field: &str| field.strip_prefix(name)?.strip_prefix('[')?.strip_suffix(']').map(str::to_owned);
    let entries = fields.iter().filter_map(|(field, value)| Some((key(field)?, Value::from(value.as_str()))));
    Value::Object(entries.collect::<Map<_, _>>())
}

fn value<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// Its name without the numbers of lists and the keys of maps.
fn kind(name: &str) -> String {
    let (mut kind, mut parts) = (String::new(), name.split('['));
    kind.push_str(parts.next().unwrap_or_default());
    let mut last = kind.clone();
    for part in parts {
        let part = part.trim_end_matches(']');
        let free = last == "metadata" || part.chars().all(|c| c.is_ascii_digit());
        kind.push_str(&if free { "[]".to_owned() } else { format!("[{part}]") });
        part.clone_into(&mut last);
    }
    kind
}

fn is_known(name: &str) -> bool {
    let kind = kind(name);
    KNOWN.contains(&kind.as_str()) || kind == KNOWN_OF_A_PRODUCT
}

fn is_fit(name: &str, value: &str) -> bool {
    let number = value.parse::<i64>().ok();
    match kind(name).as_str() {
        "mode" => value == "payment",
        "client_reference_id" => (1..=200).contains(&value.len()),
        "customer_email" => value.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.')),
        "success_url" | "cancel_url" => Url::parse(value).is_ok_and(|url| ["http", "https"].contains(&url.scheme())),
        "expires_at" => number.is_some_and(is_soon_enough),
        "allowed_payment_method_types[]" => value == "card",
        "payment_intent_data[capture_method]" => ["automatic", "manual"].contains(&value),
        "adaptive_pricing[enabled]" => value == "false",
        "line_items[][quantity]" => number.is_some_and(|quantity| quantity > 0) && index(name) < 100,
        "line_items[][price_data][currency]" => CURRENCIES.contains(&value),
        "line_items[][price_data][unit_amount]" => number.is_some_and(|amount| amount >= 0),
        "line_items[][price_data][product_data][name]" => (1..=250).contains(&value.chars().count()),
        _ => (1..=500).contains(&value.chars().count()), // an entry of a map, or a description
    }
}

/// From half an hour to a day from now.
fn is_soon_enough(seconds: i64) -> bool {
    let wait = seconds - SystemClock.now().timestamp();
    (30 * 60..=24 * 60 * 60).contains(&wait)
}

fn index(name: &str) -> usize {
    name.split(['[', ']']).nth(1).and_then(|text| text.parse().ok()).unwrap_or(usize::MAX)
}
