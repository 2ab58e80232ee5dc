//! Pictures of products: uploaded, served, made smaller, put in order and taken away; and everything that is no picture.

use crate::harness::pictures::{bomb, form, picture};
use crate::harness::raw::Wire;
use crate::harness::{Actor, Engine, Shop, on_both_databases, unique, until};
use image::ImageFormat;
use serde_json::{Value, json};

/// The pictures of a product, as customers see them.
async fn images(actor: &Actor, product: &str) -> Vec<Value> {
    let product = actor.get(&format!("/products/{product}")).await.json(200);
    product["images"].as_array().unwrap().clone()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Waits until the sizes of a product's first picture are made.
async fn with_sizes(actor: &Actor, product: &str) -> Value {
    until("the sizes are made", async || {
        let first = images(actor, product).await.into_iter().next()?;
        (!first["thumbnails"].as_array()?.is_empty()).then_some(first)
    })
    .await
}

async fn is_served(actor: &Actor, url: &str, media_type: &str) -> (u32, u32) {
    let file = actor.page(url).await.is(200);
    let header = |name: &str| file.headers[name].to_str().unwrap().to_owned();
    assert_eq!((header("content-type").as_str(), header("x-content-type-options").as_str()), (media_type, "nosniff"));
    assert_eq!(header("cache-control"), "public, max-age=31536000, immutable");
    let seen = image::load_from_memory(&file.body).unwrap();
    (seen.width(), seen.height())
}

on_both_databases! {
    async fn c2_a_picture_is_uploaded_served_and_made_smaller(shop: Shop) {
        let (seller, guest) = (shop.seller().await, shop.guest());
        let ring = seller.puts_on_sale("Ring", 5_000, 1).await;
        let mut file = picture(900, 600, ImageFormat::Jpeg);
        file.extend(b"<script>alert('polyglot')</script>");
        let added = seller.uploads(&ring.id, "ring.jpg", &file).await.json(201);
        assert_eq!((&added["alt"], &added["width"], &added["height"]), (&json!("A ring on velvet"), &json!(900), &json!(600)));
        let url = text(&added["url"]);
        assert_eq!(is_served(&guest, &url, "image/jpeg").await, (900, 600), "at once, in its own size");
        assert!(!String::from_utf8_lossy(&guest.page(&url).await.body).contains("script"));

        let shown = with_sizes(&guest, &ring.id).await;
        assert_eq!((&shown["id"], &shown["url"]), (&added["id"], &added["url"]));
        let widths = |list: &Value| list.as_array().unwrap().iter().map(|one| one["width"].as_u64().unwrap()).collect::<Vec<_>>();
        assert_eq!((widths(&shown["thumbnails"]), widths(&shown["fallbacks"])), (vec![320, 640, 900], vec![320, 640]));
        for (list, media_type) in [("thumbnails", "image/webp"), ("fallbacks", "image/jpeg")] {
            for one in shown[list].as_array().unwrap() {
                let (width, height) = is_served(&guest, one["url"].as_str().unwrap(), media_type).await;
                assert_eq!((json!(width), json!(height)), (one["width"].clone(), one["height"].clone()));
            }
        }
        assert!(url.contains(added["id"].as_str().unwrap()), "nobody guesses it");
        let list = guest.get("/products").await.json(200);
        assert_eq!(list["data"][0]["images"][0], shown);
    }

    async fn c2_pictures_are_put_in_order_described_and_taken_away_with_their_files(shop: Shop) {
        let (seller, guest) = (shop.seller().await, shop.guest());
        let ring = seller.puts_on_sale("Ring", 5_000, 1).await;
        let mut ids = Vec::new();
        for width in [400, 401, 402] {
            let file = picture(width, 300, ImageFormat::Png);
            ids.push(text(&seller.uploads(&ring.id, "ring.png", &file).await.json(201)["id"]));
        }
        let path = |id: &str| format!("/seller/products/{}/images/{id}", ring.id);
        let order = async || images(&guest, &ring.id).await.iter().map(|image| text(&image["id"])).collect::<Vec<_>>();
        assert_eq!(order().await, ids);
        let moved = seller.patch(&path(&ids[2]), &json!({"position": 1, "alt": "From above"})).await.json(200);
        assert_eq!((&moved["id"], &moved["alt"]), (&json!(ids[2]), &json!("From above")));
        assert_eq!(order().await, [ids[2].clone(), ids[0].clone(), ids[1].clone()]);
        seller.patch(&path(&ids[2]), &json!({"position": 12, "alt": ""})).await.json(200);
        assert_eq!(order().await, ids);
        assert_eq!(images(&guest, &ring.id).await[2]["alt"], "");

        let first = with_sizes(&guest, &ring.id).await;
        let files: Vec<String> = ["thumbnails", "fallbacks"].iter().flat_map(|list| first[*list].as_array().unwrap())
            .chain([&first]).map(|one| text(&one["url"])).collect();
        seller.delete(&path(&ids[0])).await.is(204);
        assert_eq!(order().await, ids[1..]);
        for file in files {
            until("the file is gone", async || (guest.page(&file).await.status == 404).then_some(())).await;
        }
        seller.delete(&path(&ids[0])).await.problem(404, "image-not-found");
        seller.patch(&path(&ids[0]), &json!({"position": 1})).await.problem(404, "image-not-found");
    }

    async fn c2_what_is_no_picture_is_refused_and_changes_nothing(shop: Shop) {
        let seller = shop.seller().await;
        let ring = seller.puts_on_sale("Ring", 5_000, 1).await;
        let svg = b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
        for (name, file) in [
            ("ring.jpg", &svg[..]), ("ring.png", b"GIF89a\x01\0\x01\0\0\0\0;"), ("ring.webp", b"MZ\x90\0"),
            ("ring.avif", b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf"), ("ring.jpg", b"not a picture"),
        ] {
            seller.uploads(&ring.id, name, file).await.problem(415, "image-type-unsupported");
        }
        for (width, height) in [(50_000, 50_000), (2_000_000_000, 2_000_000_000), (41_000_000, 1)] {
            let bomb = bomb(width, height);
            assert!(bomb.len() < 200);
            seller.uploads(&ring.id, "ring.png", &bomb).await.problem(422, "image-too-large");
        }
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let whole = picture(300, 200, format);
            seller.uploads(&ring.id, "ring.jpg", &whole[..whole.len() / 2]).await.problem(422, "image-unreadable");
        }
        let json = seller.post(&format!("/seller/products/{}/images", ring.id), &json!({"file": "x"})).await;
        json.problem(415, "unsupported-media-type");
        assert_eq!(images(&seller, &ring.id).await, [] as [Value; 0]);
        assert_eq!(seller.get(&format!("/seller/products/{}", ring.id)).await.json(200), ring.product);
        // Its content counts, not its name.
        seller.uploads(&ring.id, "ring.svg", &picture(10, 10, ImageFormat::WebP)).await.json(201);
    }

    async fn c2_nobody_touches_the_pictures_of_anothers_product(shop: Shop) {
        let (seller, other, customer) = (shop.seller().await, shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 5_000, 1).await;
        let file = picture(50, 50, ImageFormat::Png);
        let added = seller.uploads(&ring.id, "ring.png", &file).await.json(201);
        let path = format!("/seller/products/{}/images/{}", ring.id, text(&added["id"]));
        other.uploads(&ring.id, "ring.png", &file).await.problem(404, "product-not-found");
        other.patch(&path, &json!({"alt": "Mine"})).await.problem(404, "product-not-found");
        other.delete(&path).await.problem(404, "product-not-found");
        let own = other.puts_on_sale("Pin", 100, 1).await;
        let across = format!("/seller/products/{}/images/{}", own.id, text(&added["id"]));
        other.delete(&across).await.problem(404, "image-not-found");
        customer.uploads(&ring.id, "ring.png", &file).await.problem(403, "seller-role-required");
        let newcomer = shop.newcomer(json!({"role": "seller", "shop_name": "New"})).await;
        newcomer.uploads(&ring.id, "ring.png", &file).await.problem(403, "email-not-verified");
        shop.guest().uploads(&ring.id, "ring.png", &file).await.problem(401, "unauthorized");
        assert_eq!(images(&seller, &ring.id).await.len(), 1);
    }

    async fn c2_an_upload_that_is_repeated_adds_one_picture_and_a_thirteenth_is_refused(shop: Shop) {
        let seller = shop.seller().await;
        let ring = seller.puts_on_sale("Ring", 5_000, 1).await;
        let (file, key) = (picture(50, 50, ImageFormat::Png), unique("key"));
        let first = seller.uploads_keyed(&ring.id, "a.png", &file, &key, "one-line").await.json(201);
        let again = seller.uploads_keyed(&ring.id, "a.png", &file, &key, "another-line").await;
        assert_eq!(again.headers["idempotent-replayed"], "true");
        assert_eq!(again.json(201), first);
        let other = picture(51, 50, ImageFormat::Png);
        seller.uploads_keyed(&ring.id, "a.png", &other, &key, "one-line").await.problem(422, "idempotency-key-reused");
        let many = (0..15).map(|_| seller.uploads(&ring.id, "a.png", &file));
        let answers = futures_util::future::join_all(many).await;
        let full = answers.iter().filter(|answer| answer.status == 409).count();
        assert_eq!((answers.iter().filter(|answer| answer.status == 201).count(), full), (11, 4));
        assert_eq!(images(&seller, &ring.id).await.len(), 12);
        seller.uploads(&ring.id, "a.png", &file).await.problem(409, "too-many-images");
    }

    async fn c2_sizes_are_made_although_the_power_failed(shop: Shop) {
        let seller = shop.seller().await;
        let ring = seller.puts_on_sale("Ring", 5_000, 1).await;
        seller.uploads(&ring.id, "ring.jpg", &picture(1_600, 1_600, ImageFormat::Jpeg)).await.json(201);
        shop.kill_minus_9();
        // What it had begun is due again at once, rather than when its lease ends.
        shop.database().await.execute("UPDATE jobs SET claimed_until = NULL").await.unwrap();
        shop.start().await;
        let shown = with_sizes(&shop.same(&seller), &ring.id).await;
        assert_eq!(shown["thumbnails"].as_array().unwrap().len(), 5);
    }
}

#[tokio::test]
async fn c2_fifty_megabytes_are_refused_whether_or_not_they_are_announced_and_strangers_are_not_listened_to() {
    let shop = Shop::open(Engine::Sqlite).await;
    let seller = shop.seller().await;
    let ring = seller.puts_on_sale("Ring", 5_000, 1).await;
    let head = |token: Option<&str>, length: &str| {
        let token = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
        format!(
            "POST /api/v1/seller/products/{}/images HTTP/1.1\r\nHost: shop\r\n{token}\
             Content-Type: multipart/form-data; boundary=line\r\nIdempotency-Key: k\r\n{length}\r\n\r\n",
            ring.id
        )
        .into_bytes()
    };
    let token = seller.token.as_deref();
    let file = form("line", "ring.jpg", &vec![b'x'; 50_000_000], "");
    let announced = [head(token, &format!("Content-Length: {}", file.len())), file.clone()].concat();
    assert_eq!(Wire::to(&shop).await.exchanges(announced).await, Some(413));
    let mut chunked = head(token, "Transfer-Encoding: chunked");
    for chunk in file.chunks(65_536) {
        chunked.extend(format!("{:x}\r\n", chunk.len()).bytes());
        chunked.extend(chunk);
        chunked.extend(b"\r\n");
    }
    assert_eq!(Wire::to(&shop).await.exchanges(chunked).await, Some(413));
    // Of these not a byte has come, and none is waited for.
    let promised = "Content-Length: 12000000";
    assert_eq!(Wire::to(&shop).await.exchanges(head(None, promised)).await, Some(401));
    let customer = shop.customer().await;
    assert_eq!(Wire::to(&shop).await.exchanges(head(customer.token.as_deref(), promised)).await, Some(403));
    shop.guest().page("/health/ready").await.is(200);
    seller.uploads(&ring.id, "ring.png", &picture(40, 40, ImageFormat::Png)).await.json(201);
}
