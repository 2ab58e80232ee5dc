//! The command line, as an operator uses it.

use crate::harness::shop::PASSWORD;
use crate::harness::{Engine, Shop, on_both_databases};
use std::process::Output;

/// What a command wrote, on either stream.
fn words(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Settings, and what must be named as wrong with them.
type Unsound = (&'static [(&'static str, &'static str)], &'static [&'static str]);

/// The lines of `carat migrate status`.
fn migrations(shop: &Shop) -> Vec<String> {
    let output = shop.command(&["migrate", "status"]);
    assert!(output.status.success(), "{}", words(&output));
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn config_check_names_what_is_wrong() {
    let cases: [Unsound; 12] = [
        (&[("PORT", "eighty")], &["PORT"]),
        (&[("DATABASE_URL", "mysql://localhost/shop")], &["DATABASE_URL"]),
        (&[("ADMIN_PASSWORD", "weak"), ("PUBLIC_URL", "shop.example")], &["ADMIN_PASSWORD", "PUBLIC_URL"]),
        (&[("CARAT__SHOP__CURRENCY", "EURO")], &["shop.currency"]),
        (&[("CARAT__SHOP__COLOUR", "red")], &["colour"]),
        (&[("CARAT__SECURITY__BCRYPT_COST", "many")], &["bcrypt_cost"]),
        (&[("CARAT__SECURITY__PASSWORD_HASH", "md5")], &["password_hash"]),
        (&[("APP_ENV", "staging")], &["APP_ENV"]),
        (&[("APP_ENV", "production")], &["JWT_PRIVATE_KEY_FILE", "SMTP_URL", "STRIPE_SECRET_KEY"]),
        (
            &[("APP_ENV", "production"), ("STRIPE_SECRET_KEY", "sk_test_1"), ("STRIPE_WEBHOOK_SECRET", "whsec_1")],
            &["STRIPE_SECRET_KEY (stripe.secret_key): is a test key"],
        ),
        (&[("STRIPE_SECRET_KEY", "sk_test_1")], &["STRIPE_WEBHOOK_SECRET"]),
        (
            &[
                ("STRIPE_SECRET_KEY", "sk_live_1"),
                ("STRIPE_WEBHOOK_SECRET", "whsec_1"),
                ("STRIPE_API_BASE", "https://stripe.example"),
            ],
            &["STRIPE_API_BASE"],
        ),
    ];
    for (settings, named) in cases {
        let shop = Shop::closed(Engine::Sqlite, settings).await;
        let output = shop.command(&["config", "check"]);
        assert_eq!(output.status.code(), Some(1), "{settings:?}: {}", words(&output));
        for name in named {
            assert!(words(&output).to_lowercase().contains(&name.to_lowercase()), "{settings:?}: {}", words(&output));
        }
        assert_eq!(shop.command(&[]).status.code(), Some(1), "nor does it serve with {settings:?}");
    }
    let sound = Shop::closed(Engine::Sqlite, &[]).await.command(&["config", "check"]);
    assert_eq!(sound.status.code(), Some(0), "{}", words(&sound));
}

#[tokio::test]
async fn secrets_are_never_printed() {
    let settings = [
        ("SMTP_URL", "smtp://user:hidden-secret@127.0.0.1:1"),
        ("CARAT__SHOP__CURRENCY", "EURO"),
        ("METRICS_TOKEN", "hidden-token"),
        ("STRIPE_SECRET_KEY", "hidden-key"),
        ("STRIPE_WEBHOOK_SECRET", "hidden-secret"),
    ];
    let output = Shop::closed(Engine::Sqlite, &settings).await.command(&["config", "check"]);
    assert!(!words(&output).contains("hidden") && !words(&output).contains(PASSWORD), "{}", words(&output));
}

#[tokio::test]
async fn migrations_go_up_and_down() {
    let shop = Shop::closed(Engine::Sqlite, &[]).await;
    let fresh = migrations(&shop);
    assert!(!fresh.is_empty() && fresh.iter().all(|line| line.starts_with("pending ")), "{fresh:?}");
    assert!(shop.command(&["migrate"]).status.success());
    let applied = migrations(&shop);
    assert!(applied.iter().all(|line| line.starts_with("applied ")) && applied.len() == fresh.len(), "{applied:?}");
    assert!(shop.command(&["migrate", "up"]).status.success());
    assert_eq!(migrations(&shop), applied);
    assert!(shop.command(&["migrate", "down"]).status.success());
    let (last, rest) = migrations(&shop).split_last().map(|(last, rest)| (last.clone(), rest.to_vec())).unwrap();
    assert!(
        last.starts_with("pending ") && rest.iter().all(|line| line.starts_with("applied ")),
        "{last} after {rest:?}"
    );
    shop.start().await; // which migrates by itself
    assert_eq!(migrations(&shop), applied);
}

#[tokio::test]
async fn what_is_no_command_is_refused() {
    let shop = Shop::closed(Engine::Sqlite, &[]).await;
    for arguments in [&["nonsense"][..], &["migrate", "sideways"], &["admin", "create"], &["serve", "--nonsense"]] {
        let output = shop.command(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", words(&output));
    }
    assert!(words(&shop.command(&["--help"])).contains("migrate"));
    assert!(shop.command(&["--version"]).status.success());
}

on_both_databases! {
    async fn status_tells_that_a_running_shop_is_migrated(shop: Shop) {
        let lines = migrations(&shop);
        assert!(!lines.is_empty() && lines.iter().all(|line| line.starts_with("applied ")), "{lines:?}");
    }

    async fn an_admin_is_made_on_the_command_line(shop: Shop) {
        let make = |input: &str| shop.command_with_input(&["admin", "create", "--email", "Root@example.com"], input);
        let weak = make("weak\n");
        assert!(!weak.status.success() && !words(&weak).contains("panicked"), "{}", words(&weak));
        let made = make(&format!("{PASSWORD}\n"));
        assert!(made.status.success(), "{}", words(&made));
        assert!(!words(&made).contains(PASSWORD));
        let login = shop.guest().logs_in("root@example.com", PASSWORD).await.json(200);
        assert_eq!((login["user"]["role"].as_str(), login["user"]["email_verified"].as_bool()), (Some("admin"), Some(true)));
        let again = make(&format!("{PASSWORD}\n"));
        assert!(!again.status.success() && !words(&again).contains("panicked"), "{}", words(&again));
    }

    async fn the_demo_shop_is_made_beside_an_admin_of_its_admins_address(shop: Shop) {
        let make = ["admin", "create", "--email", "admin@example.com"];
        assert!(shop.command_with_input(&make, &format!("{PASSWORD}\n")).status.success());
        let made = words(&shop.command(&["seed", "--products", "12", "--orders", "3"]));
        assert!(made.contains("Made 12 products and 3 orders.") && made.contains("was there before"), "{made}");
        assert!(words(&shop.command(&["seed"])).contains("already"));
        let guest = shop.guest();
        guest.logs_in("admin@example.com", "Carat-demo-1").await.is(401);
        guest.logs_in("admin@example.com", PASSWORD).await.is(200);
        assert_eq!(guest.get("/products?limit=100").await.json(200)["data"].as_array().unwrap().len(), 12);
    }

    async fn the_demo_shop_is_made_once_and_as_large_as_wanted(shop: Shop) {
        let made = shop.command(&["seed", "--products", "75", "--orders", "30"]);
        assert!(words(&made).contains("Made 75 products and 30 orders."), "{}", words(&made));
        let again = shop.command(&["seed"]);
        assert!(again.status.success() && words(&again).contains("already"), "{}", words(&again));

        let demo_admin = shop.guest().logs_in("admin@example.com", "Carat-demo-1").await.json(200);
        assert_eq!(demo_admin["user"]["role"], "admin");

        let guest = shop.guest();
        let rings = guest.get("/products?category=rings&material=diamond&limit=100").await.json(200);
        let rings = rings["data"].as_array().unwrap();
        assert!(rings.len() > 5);
        for ring in rings {
            let thumbnail = ring["images"][0]["thumbnails"][0]["url"].as_str().unwrap();
            let picture = guest.page(thumbnail).await.is(200);
            assert_eq!(picture.header("content-type"), Some("image/webp"));
        }
        let login = guest.logs_in("maison-aurelie@example.com", "Carat-demo-1").await.json(200);
        let seller = guest.with_token(login["access_token"].as_str().unwrap());
        assert!(seller.all("/seller/products").await.len() > 8);
        assert!(seller.all("/seller/orders?status=paid").await.iter().all(|order| order["total"]["amount"].as_i64() > Some(0)));
    }
}
