//! Every operation of the OpenAPI document that may have a key honours it: those of today, and those to come.

use super::{Cases, Keyed};
use crate::harness::{Actor, Shop};
use serde_json::{Value, json};

/// Kept from what is done twice by the id of the event.
const WITHOUT_KEYS: &str = "/webhooks/";
/// Uploads: of those who may not send one nothing is read, and so it is not known what they ask for by their key.
const OF_SELLERS: &str = "/images";

pub async fn hold(shop: &Shop, cases: &mut Cases) {
    let (customer, seller, guest) = (shop.customer().await, shop.seller().await, shop.guest());
    let document = guest.get("/openapi.json").await.json(200);
    let mut operations = 0;
    for (method, path, operation) in keyed_operations(&document) {
        let address = fill_in(path.trim_start_matches("/api/v1"));
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        assert!(parameters.iter().any(|parameter| parameter["name"] == "Idempotency-Key"), "{method} {path}");
        let malformed = Keyed { key: "a b".to_owned(), ..Keyed::fresh(method, &address, &json!({})) };
        malformed.by(&guest).await.problem(400, "idempotency-key-invalid");
        cases.holds(format!("{method} {path} refuses a malformed key"));
        let callers = [("a guest", &guest), ("a customer", &customer), ("a seller", &seller)];
        for (who, actor) in if path.ends_with(OF_SELLERS) { &callers[2..] } else { &callers[..2] } {
            refuses_a_used_key(actor, method, &address).await;
            cases.holds(format!("{method} {path} refuses a key that {who} has used"));
        }
        operations += 1;
    }
    assert!(operations >= 12, "{operations} operations with keys");
}

/// The key stands for another request, which was executed.
async fn refuses_a_used_key(actor: &Actor, method: &'static str, address: &str) {
    let used = Keyed::fresh("POST", "/carts", &json!({"currency": "EUR"}));
    used.by(actor).await.is(201);
    let other = Keyed { method, path: address.to_owned(), body: b"{}".to_vec(), ..used };
    other.by(actor).await.problem(422, "idempotency-key-reused");
}

fn keyed_operations(document: &Value) -> Vec<(&'static str, &str, &Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let methods = [("POST", "post"), ("PUT", "put"), ("PATCH", "patch")];
    let all = paths.iter().filter(|(path, _)| !path.contains(WITHOUT_KEYS)).flat_map(|(path, item)| {
        methods.iter().filter_map(move |(method, name)| Some((*method, path.as_str(), item.get(name)?)))
    });
    all.collect()
}

fn fill_in(path: &str) -> String {
    let id = "01900000-0000-7000-8000-000000000000";
    path.split('/').map(|part| if part.starts_with('{') { id } else { part }).collect::<Vec<_>>().join("/")
}
