//! The house itself, as data: change a rule here, and say so in ARCHITECTURE.md.

/// What each workspace crate may depend on. `testkit` is no one's normal dependency, and anyone's dev-dependency.
pub const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("application", &["domain"]),
    ("infrastructure", &["application", "domain"]),
    ("migration", &[]),
    ("web", &["application", "domain"]),
    ("server", &["application", "domain", "infrastructure", "migration", "web"]),
    ("testkit", &["application", "domain", "infrastructure", "migration", "server", "web"]),
    ("api-tests", &[]),
    ("fuzz-tests", &["application", "domain", "infrastructure", "web"]),
    ("load-tests", &[]),
    ("xtask", &[]),
];
pub const TESTKIT: &str = "testkit";

/// Crates that exist for tests only: their code is held to the rules of test code.
pub const TEST_PACKAGES: &[&str] = &[TESTKIT, "api-tests", "fuzz-tests", "load-tests"];

/// Crates whose production code runs on a request's path, and therefore never panics.
pub const RUNNING_PACKAGES: &[&str] = &["domain", "application", "infrastructure", "web", "server"];

/// The contexts: the same names on every floor.
pub const CONTEXTS: &[&str] = &[
    "identity",
    "catalog",
    "media",
    "cart",
    "checkout",
    "promotions",
    "orders",
    "gift_cards",
    "payments",
    "refunds",
    "payouts",
    "ledger",
    "items",
    "statistics",
    "notifications",
    "audit",
    "webhooks",
    "jobs",
    "idempotency",
    "takeout",
];
pub const KERNEL: &str = "kernel";

/// A place whose folders are contexts, and the other rooms that may stand beside them.
pub struct Floor {
    pub folder: &'static str,
    pub has_contexts: bool,
    pub rooms: &'static [&'static str],
}

pub const FLOORS: &[Floor] = &[
    Floor { folder: "crates/domain/src", has_contexts: true, rooms: &[KERNEL] },
    Floor { folder: "crates/application/src", has_contexts: true, rooms: &["system"] },
    Floor { folder: "crates/infrastructure/src/sql", has_contexts: true, rooms: &[] },
    Floor {
        folder: "crates/infrastructure/src",
        has_contexts: false,
        rooms: &["sql", "mail", "payment", "social", "media", "cache", "crypto", "system", "webhooks"],
    },
    Floor {
        folder: "crates/web/src",
        has_contexts: true,
        rooms: &["problem", "middleware", "extract", "wire", "openapi", "pages", "home", "apps", "health"],
    },
];

/// A floor whose contexts may see only some of their neighbours.
pub struct Neighbours {
    pub folder: &'static str,
    /// What every context of the floor may import.
    pub everyone: &'static [&'static str],
    /// What a context may import beyond that; a context that is not listed imports nothing more.
    pub more: &'static [(&'static str, &'static [&'static str])],
}

pub const NEIGHBOURS: &[Neighbours] = &[
    Neighbours { folder: "crates/domain/src", everyone: &[KERNEL], more: &[] },
    Neighbours {
        folder: "crates/application/src",
        // identity: every use case says who calls (`caller: &Caller`).
        // webhooks: what happens is announced in the transaction that makes it true, by one line.
        everyone: &["jobs", "audit", "identity", "webhooks"],
        more: &[
            ("checkout", &["cart", "catalog", "promotions", "orders", "gift_cards", "payments", "ledger"]),
            // A picture belongs to a product: whose it is, and how many it has, the catalogue knows.
            ("media", &["catalog"]),
            ("payments", &["ledger"]),
            // Money goes back along the way by which it came.
            ("refunds", &["orders", "payments", "gift_cards", "ledger"]),
            ("payouts", &["ledger"]),
            // Those that were bought are issued from the order, and shown to whoever may see it.
            ("gift_cards", &["ledger", "orders"]),
            // What is shown of a cart or an order: its offers, pictures and payment, read through their ports.
            ("cart", &["catalog"]),
            ("orders", &["catalog", "payments", "ledger"]),
            // What a person takes along has something of every context, as time goes by.
            ("takeout", &["orders", "payments"]),
            // Nobody points at these two, jobs feed them: what they read of the others harms no one.
            ("statistics", CONTEXTS),
            ("notifications", CONTEXTS),
        ],
    },
];

/// A library that only some crates may name.
pub struct Technology {
    pub name: &'static str,
    pub words: &'static [&'static str],
    /// Packages, or the beginnings of paths.
    pub homes: &'static [&'static str],
    pub free_in_tests: bool,
}

pub const TECHNOLOGIES: &[Technology] = &[
    Technology {
        name: "SeaORM",
        words: &["sea_orm", "sea_query", "sqlx"],
        homes: &["infrastructure", "migration", TESTKIT],
        free_in_tests: false,
    },
    Technology {
        name: "actix-web",
        words: &["actix_web", "actix_http"],
        homes: &["web", "server"],
        free_in_tests: true,
    },
    Technology {
        name: "the environment",
        words: &["std::env", "env::var", "env::vars", "env::var_os"],
        homes: &["crates/server/src/config", "xtask"],
        free_in_tests: true,
    },
];

/// What the domain never says outside its tests.
pub struct Foreign {
    pub what: &'static str,
    pub words: &'static [&'static str],
    /// Paths where it is welcome nevertheless.
    pub except: &'static [&'static str],
}

pub const FOREIGN_TO_DOMAIN: &[Foreign] = &[
    Foreign {
        what: "waits",
        words: &["tokio", "futures", "async_trait", "async fn", "async move", ".await"],
        except: &[],
    },
    Foreign {
        what: "reads a clock",
        words: &["Utc::now", "Local::now", "SystemTime::now", "Instant::now"],
        except: &[],
    },
    Foreign { what: "draws at random", words: &["now_v7", "new_v4", "rand", "getrandom"], except: &[] },
    Foreign { what: "does I/O", words: &["std::fs", "std::net", "std::io", "reqwest"], except: &[] },
    // Values of the kernel may say how they are written down; entities are mapped by the adapters.
    Foreign {
        what: "derives serde",
        words: &["serde", "Serialize", "Deserialize"],
        except: &["crates/domain/src/kernel"],
    },
];

/// Names of drawers into which everything is thrown.
pub const DRAWERS: &[&str] = &["utils", "util", "helpers", "helper", "common"];

/// Lines of a file before its tests.
pub const LINES_TO_LOOK_AGAIN: usize = 300;
pub const LINES_AT_MOST: usize = 500;

/// Unfinished or switched-off work, in any code. Written in two halves, so that this file is clean itself.
pub const UNFINISHED_CODE: &[&str] = &["todo!", "unimplemented!", "dbg!", concat!("#[", "ignore")];
pub const UNFINISHED_TEXT: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME")];

/// What ends the process, or could.
pub const PANICS: &[&str] = &[".unwrap()", ".expect(", "panic!", "unreachable!", "unsafe"];
