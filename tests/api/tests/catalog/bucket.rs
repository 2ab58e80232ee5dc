//! Pictures in an S3-compatible bucket.

use crate::harness::pictures::picture;
use crate::harness::s3::S3;
use crate::harness::{Engine, Shop, until};
use image::ImageFormat;
use serde_json::Value;

#[tokio::test]
async fn c2_pictures_are_kept_in_a_bucket_and_served_by_the_shop() {
    let s3 = S3::start().await;
    let shop = Shop::open_with(Engine::Sqlite, &s3.settings()).await;
    let (seller, guest) = (shop.seller().await, shop.guest());
    let ring = seller.puts_on_sale("Ring", 5_000, 1).await;
    let added = seller.uploads(&ring.id, "ring.jpg", &picture(800, 600, ImageFormat::Jpeg)).await.json(201);
    let shown = until("the sizes are made", async || {
        let product = guest.get(&format!("/products/{}", ring.id)).await.json(200);
        let image = product["images"][0].clone();
        (!image["thumbnails"].as_array()?.is_empty()).then_some(image)
    })
    .await;
    let url = |value: &Value| value["url"].as_str().unwrap().to_owned();
    let files = [url(&shown), url(&shown["thumbnails"][0]), url(&shown["fallbacks"][0])];
    for (file, media_type) in files.iter().zip(["image/jpeg", "image/webp", "image/jpeg"]) {
        let served = guest.page(file).await.is(200);
        assert_eq!(served.headers["content-type"], media_type);
        assert_eq!(served.headers["cache-control"], "public, max-age=31536000, immutable");
        let object = s3.object(file.strip_prefix("/media/").unwrap()).await;
        let kept = object.headers()["content-type"].to_str().unwrap().to_owned();
        assert_eq!((object.status().as_u16(), kept.as_str()), (200, media_type));
        assert_eq!(object.bytes().await.unwrap(), served.body, "what is served is what is there");
    }
    guest.page("/media/pictures/none/320-ab.webp").await.problem(404, "not-found");

    let path = format!("/seller/products/{}/images/{}", ring.id, added["id"].as_str().unwrap());
    seller.delete(&path).await.is(204);
    for file in &files {
        let object = file.strip_prefix("/media/").unwrap();
        until("the object is gone", async || (s3.object(object).await.status() == 404).then_some(())).await;
    }
}

#[tokio::test]
async fn c2_a_bucket_that_is_away_refuses_uploads_and_nothing_else() {
    let mut s3 = S3::start().await;
    let settings = s3.settings().map(|(name, value)| (name, value.to_owned()));
    let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let shop = Shop::open_with(Engine::Sqlite, &settings).await;
    let seller = shop.seller().await;
    let ring = seller.puts_on_sale("Ring", 5_000, 1).await;
    let file = picture(50, 50, ImageFormat::Png);
    seller.uploads(&ring.id, "ring.png", &file).await.json(201);
    s3.stop();
    shop.may_log("a request failed");
    let refused = seller.uploads(&ring.id, "ring.png", &file).await;
    refused.problem(503, "service-unavailable");
    let product = seller.get(&format!("/seller/products/{}", ring.id)).await.json(200);
    assert_eq!(product["images"].as_array().unwrap().len(), 1, "no row names what was not stored");
    shop.guest().page("/health/ready").await.is(200);
}

#[tokio::test]
async fn c2_half_a_pair_of_keys_is_named_at_the_start() {
    let shop = Shop::closed(Engine::Sqlite, &[("S3_BUCKET", "shop"), ("AWS_ACCESS_KEY_ID", "test")]).await;
    let output = shop.command(&["config", "check"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("AWS_SECRET_ACCESS_KEY"), "{said}");
}
