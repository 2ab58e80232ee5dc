//! The domain is given values: it waits for nothing, reads no clock, draws nothing at random and touches no file.

use super::finding::{Finding, Rule, Weight};
use super::house::{FOREIGN_TO_DOMAIN, Foreign};
use super::source::{Source, lines_saying};

static PURITY: Rule = Rule {
    name: "the domain is pure",
    weight: Weight::Error,
    why: "rules that are plain values are tested in microseconds, and give the same answer every time",
    mend: "take the time, the id or the random value as a parameter; the service has it from a port (Clock, \
           IdGenerator, SecretSource). What an entity looks like on the wire or in the database is its adapter's matter",
};

pub fn check(sources: &[Source]) -> Vec<Finding> {
    let domain = sources.iter().filter(|source| source.package == "domain");
    domain.flat_map(|source| FOREIGN_TO_DOMAIN.iter().flat_map(|foreign| check_file(foreign, source))).collect()
}

fn check_file(foreign: &Foreign, source: &Source) -> Vec<Finding> {
    if foreign.except.iter().any(|path| source.path.starts_with(path)) {
        return vec![];
    }
    let finding = |word: &'static str| {
        let what = format!("`{word}`: the domain never {}", foreign.what);
        let lines = lines_saying(&source.production, word).into_iter();
        lines.map(move |line| Finding::at_line(&PURITY, &source.path, line, what.clone()))
    };
    foreign.words.iter().copied().flat_map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        check(&[Source::new("domain", path, text)]).iter().filter_map(|finding| finding.line).collect()
    }

    #[test]
    fn plain_values_are_welcome() {
        let text = "use chrono::{DateTime, Utc};\npub fn expire(&mut self, now: DateTime<Utc>) {}\n";
        assert!(lines("crates/domain/src/cart/cart.rs", text).is_empty());
    }

    #[test]
    fn a_clock_a_random_source_a_wait_and_a_file_are_foreign() {
        for text in [
            "let now = Utc::now();",
            "let id = Uuid::now_v7();",
            "let n = rand::rng();",
            "pub async fn f() {}",
            "use tokio::sync::Mutex;",
            "use std::fs;",
        ] {
            assert_eq!(lines("crates/domain/src/cart/cart.rs", text), [1], "{text}");
        }
    }

    #[test]
    fn entities_derive_no_serde_but_values_of_the_kernel_may() {
        let text = "#[derive(Serialize)]\npub struct X;";
        assert_eq!(lines("crates/domain/src/cart/cart.rs", text), [1]);
        assert!(lines("crates/domain/src/kernel/money.rs", text).is_empty());
    }

    #[test]
    fn tests_of_the_domain_may_make_their_own_ids() {
        let text = "#[cfg(test)]\nmod tests {\n    fn id() -> Uuid { Uuid::now_v7() }\n}";
        assert!(lines("crates/domain/src/cart/cart.rs", text).is_empty());
    }
}
