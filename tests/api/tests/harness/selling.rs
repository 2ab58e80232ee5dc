//! What sellers do.

use super::actor::Actor;
use serde_json::{Value, json};

/// A product with one variant, on sale.
#[derive(Debug, Clone)]
pub struct OnSale {
    pub id: String,
    pub variant: String,
    pub product: Value,
}

/// Euros in cents.
pub fn euros(cents: i64) -> Value {
    json!({"amount": cents, "currency": "EUR"})
}

impl Actor {
    pub async fn puts_on_sale(&self, title: &str, cents: i64, stock: u32) -> OnSale {
        let product = self.offers(json!({"title": title, "price": euros(cents), "stock": stock})).await;
        let text = |value: &Value| value.as_str().expect("an id").to_owned();
        OnSale { id: text(&product["id"]), variant: text(&product["variants"][0]["id"]), product }
    }

    /// Puts anything on sale; it must be accepted.
    pub async fn offers(&self, product: Value) -> Value {
        self.post("/seller/products", &product).await.json(201)
    }

    /// How many the seller sees of a product with one variant.
    pub async fn stock_of(&self, product: &OnSale) -> i64 {
        let product = self.get(&format!("/seller/products/{}", product.id)).await.json(200);
        product["variants"][0]["stock"].as_i64().expect("a stock")
    }

    pub async fn sets_stock(&self, product: &OnSale, stock: u32) {
        self.patch(&format!("/seller/products/{}", product.id), &json!({"stock": stock})).await.json(200);
    }
}
