//! Keys rotate while the shop is open, and nobody notices.

use crate::harness::gateway::{Gateway, payment_made};
use crate::harness::shop::PASSWORD;
use crate::harness::{Actor, Engine, Shop, on_both_databases, until};
use jsonwebtoken::decode_header;
use serde_json::{Value, json};

/// The key that signs at this moment: that of a new login.
async fn signing_kid(actor: &Actor) -> (String, String) {
    let login = actor.logs_in(&actor.email, PASSWORD).await.json(200);
    let token = login["access_token"].as_str().unwrap().to_owned();
    (decode_header(&token).unwrap().kid.unwrap(), token)
}

async fn published_kids(shop: &Shop) -> Vec<String> {
    let keys = shop.guest().page("/.well-known/jwks.json").await.json(200);
    let kid = |key: &Value| key["kid"].as_str().unwrap().to_owned();
    keys["keys"].as_array().unwrap().iter().map(kid).collect()
}

/// What `carat keys ...` shows: the names of the keys.
fn keys(shop: &Shop, verb: &str) -> Vec<String> {
    let output = shop.command(&["keys", verb]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(!text.contains("PRIVATE"), "{text}");
    text.lines().map(|line| line.split(' ').next().unwrap().to_owned()).collect()
}

on_both_databases! {
    async fn a_rotation_signs_nobody_out_and_breaks_no_link(shop: Shop) {
        let seller = shop.seller().await;
        let ring = seller.puts_on_sale("Rotating Ring", 12_999, 3).await;
        let (guest, customer) = (shop.guest(), shop.customer().await);
        let order = guest.orders(&ring.variant, 1).await;
        let gateway = Gateway::of(&shop); // it knows the secret as it is before the rotation
        let (old, old_token) = signing_kid(&customer).await;
        assert_eq!(published_kids(&shop).await, std::slice::from_ref(&old));

        let rotated = keys(&shop, "rotate");
        assert_eq!(rotated.len(), 2);
        assert_eq!(rotated[1], old);
        assert_eq!(keys(&shop, "list"), rotated);

        until("the new key signs", async || (signing_kid(&customer).await.0 == rotated[0]).then_some(())).await;
        let (_, new_token) = signing_kid(&customer).await;
        assert_eq!(published_kids(&shop).await, rotated, "both, so that others can check either");
        for _ in 0..2 {
            for token in [&old_token, &new_token] {
                customer.with_token(token).get("/users/me").await.json(200);
            }
            assert_eq!(guest.get(&order.path()).await.json(200)["id"], order.id, "the link of the mail is as good as ever");
            gateway.tells(&payment_made(&order)).await.json(200);
            shop.restart().await;
        }
        let thrice = keys(&shop, "rotate");
        assert_eq!(thrice[1..], rotated, "the oldest was replaced a moment ago, so it stays");
        customer.with_token(&old_token).get("/users/me").await.json(200);
    }

    async fn i05_access_and_refresh_tokens_outlive_two_rotations_and_a_restart(shop: Shop) {
        let customer = shop.customer().await;
        let (first, _) = signing_kid(&customer).await;
        let login = customer.logs_in(&customer.email, PASSWORD).await.json(200);
        let text = |answer: &Value, name: &str| answer[name].as_str().unwrap().to_owned();
        let (mut access, mut refresh) = (vec![text(&login, "access_token")], text(&login, "refresh_token"));
        let mut kids = vec![first];
        for _ in 0..2 {
            let kid = keys(&shop, "rotate").remove(0);
            until("the new key signs", async || (signing_kid(&customer).await.0 == kid).then_some(())).await;
            kids.insert(0, kid);
            let mut published = published_kids(&shop).await;
            assert_eq!(published.remove(0), kids[0], "the one that signs comes first");
            assert!(published.contains(&kids[1]), "what it replaced is listed still: {published:?}");
            for token in &access {
                customer.with_token(token).get("/users/me").await.json(200);
            }
            let next = customer.without_token().post("/auth/refresh", &json!({"refresh_token": refresh})).await.json(200);
            let token = text(&next, "access_token");
            assert_eq!(decode_header(&token).unwrap().kid.as_ref(), Some(&kids[0]));
            access.push(token);
            refresh = text(&next, "refresh_token");
            shop.restart().await;
        }
        let last = customer.without_token().post("/auth/refresh", &json!({"refresh_token": refresh})).await.json(200);
        let owner = customer.with_token(&text(&last, "access_token"));
        owner.post("/auth/logout", &json!({})).await.json(200);
        for token in &access {
            customer.with_token(token).get("/users/me").await.problem(401, "token-revoked");
        }
        customer.get("/users/me").await.json(200); // the session of before all rotations
    }

    async fn two_nodes_take_each_others_tokens_while_keys_rotate(shop: Shop) {
        let customer = shop.customer().await;
        let beside = shop.beside().await;
        for _ in 0..2 {
            let rotated = keys(&shop, "rotate");
            let mut seen = Vec::new();
            // Each node in turn signs with whichever key it knows; the other takes it at once.
            until("both sign with the new key", async || {
                let (here, mine) = signing_kid(&customer).await;
                let (there, theirs) = signing_kid(&beside.same(&customer)).await;
                for token in [&mine, &theirs] {
                    customer.with_token(token).get("/users/me").await.json(200);
                    beside.same(&customer).with_token(token).get("/users/me").await.json(200);
                }
                seen.push((here.clone(), there.clone()));
                (here == rotated[0] && there == rotated[0]).then_some(())
            })
            .await;
            assert!(!seen.is_empty());
        }
    }
}

#[tokio::test]
async fn a_spoilt_key_file_leaves_the_old_keys_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.pem");
    let setting = path.display().to_string();
    let shop = Shop::open_with(Engine::Sqlite, &[("JWT_PRIVATE_KEY_FILE", &setting)]).await;
    let customer = shop.customer().await;
    let (kid, token) = signing_kid(&customer).await;
    let good = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, "spoilt").unwrap();
    assert!(!shop.command(&["keys", "rotate"]).status.success());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "spoilt", "nothing is written over what can't be read");
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    assert_eq!(signing_kid(&customer).await.0, kid);
    customer.with_token(&token).get("/users/me").await.json(200);
    std::fs::write(&path, good).unwrap();
    assert_eq!(keys(&shop, "rotate").len(), 2);
    until("the new key signs", async || (signing_kid(&customer).await.0 != kid).then_some(())).await;
    customer.with_token(&token).get("/users/me").await.json(200);
}
