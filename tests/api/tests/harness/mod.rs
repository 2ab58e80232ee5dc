//! What the tests speak with: the real server as a child process, the people who use it, and the machines around it. It
//! knows the shop by its HTTP contract, its command line and its settings, and nothing of its insides.

pub mod actor;
pub mod answer;
pub mod buying;
pub mod gateway;
pub mod gift_cards;
pub mod mailbox;
pub mod patience;
pub mod pictures;
pub mod raw;
pub mod s3;
pub mod selling;
pub mod sendgrid_sink;
pub mod server;
pub mod shop;
pub mod smtp_sink;
pub mod stripe;

pub use actor::Actor;
pub use answer::Answer;
pub use buying::Placed;
pub use gift_cards::GiftCard;
pub use patience::until;
pub use selling::OnSale;
pub use shop::{Engine, Shop};

/// A text that no other test has: for addresses, titles and keys.
pub fn unique(what: &str) -> String {
    format!("{what}-{}", uuid::Uuid::now_v7().simple())
}

/// Writes tests once and runs them on both databases, as `the_name::on_sqlite` and `the_name::on_postgres`.
macro_rules! on_both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($shop:ident: Shop) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, reason = "not every test needs everything that its file imports")]
            use super::*;

            async fn check($shop: $crate::harness::Shop) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                check($crate::harness::Shop::open($crate::harness::Engine::Sqlite).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                check($crate::harness::Shop::open($crate::harness::Engine::Postgres).await).await;
            }
        }
    )+};
}
pub(crate) use on_both_databases;
