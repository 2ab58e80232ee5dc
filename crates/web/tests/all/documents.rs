//! The OpenAPI document.

use crate::support::*;
use serde_json::Value;
use std::collections::BTreeSet;

fn document() -> Value {
    serde_json::from_str(&web::openapi().to_json().unwrap()).unwrap()
}

#[actix_web::test]
async fn the_document_is_served_and_asked_for_anew_by_its_tag() {
    let site = Doubles::default().site();
    let answer = ask(&site, get("/api/v1/openapi.json")).await;
    assert_eq!(answer.json(), document());
    assert!(answer.json()["openapi"].as_str().unwrap().starts_with("3.1"));
    let again = ask(&site, get("/api/v1/openapi.json").insert_header(("if-none-match", answer.header("etag")))).await;
    assert_eq!(again.status, 304);
}

#[test]
fn every_operation_has_an_id_a_tag_and_its_problems() {
    let document = document();
    let mut ids = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            assert!(path.starts_with("/api/v1/"), "{path}");
            assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{path} has another's id");
            assert_eq!(operation["tags"].as_array().unwrap().len(), 1, "{method} {path}");
            for status in ["429", "500", "503"] {
                assert!(operation["responses"].get(status).is_some(), "{method} {path} lacks {status}");
            }
        }
    }
    assert_eq!(ids.len(), 138);
}

#[test]
fn the_schemas_have_the_names_that_the_apps_know() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for name in [
        "Money",
        "Problem",
        "FieldError",
        "Message",
        "User",
        "RegisterRequest",
        "VerifyEmailRequest",
        "ResendVerificationRequest",
        "LoginRequest",
        "LoginResponse",
        "Thumbnail",
        "Image",
        "SellerSummary",
        "Seller",
        "CategorySummary",
        "Category",
        "Material",
        "CategoryPage",
        "MaterialPage",
        "Variant",
        "Product",
        "ProductPage",
        "NewVariant",
        "CreateProductRequest",
        "VariantChange",
        "UpdateProductRequest",
        "CreateCartRequest",
        "CartLine",
        "Cart",
        "AddLineRequest",
        "UpdateLineRequest",
        "ShippingAddress",
        "CheckoutRequest",
        "PaymentSummary",
        "CheckoutResponse",
        "OrderStatus",
        "OrderLine",
        "TimelineEntry",
        "PaidBy",
        "Order",
        "OrderPage",
        "SellerOrder",
        "SellerOrderPage",
        "Balance",
        "Transaction",
        "TransactionPage",
        "Webhook",
        "WebhookDelivery",
    ] {
        assert!(schemas.contains_key(name), "{name}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let text = document.to_string();
    let references: BTreeSet<&str> = text.split("\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    for reference in references {
        assert!(document.pointer(reference).is_some(), "{reference}");
    }
}

#[test]
fn what_is_always_sent_is_required() {
    let document = document();
    let required = |name: &str| {
        document["components"]["schemas"][name]["required"]
            .as_array()
            .unwrap()
            .iter()
            .map(|field| field.as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert!(required("User").contains(&"name".to_owned()) && required("Order").contains(&"payment".to_owned()));
    assert!(!required("Order").contains(&"access_token".to_owned()));
    assert_eq!(required("RegisterRequest"), ["email", "password"]);
    assert_eq!(required("CreateProductRequest"), ["title", "price"]);
}
