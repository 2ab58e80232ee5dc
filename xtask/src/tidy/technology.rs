//! Libraries that only some crates may name, and the environment, which only the configuration reads.

use super::finding::{Finding, Rule, Weight};
use super::house::{TECHNOLOGIES, Technology};
use super::source::{Source, lines_saying};

static TECHNOLOGY: Rule = Rule {
    name: "technologies stay at home",
    weight: Weight::Error,
    why: "a library that is named in one crate can be learned, tested and replaced there; settings come from one place",
    mend: "ask through a port of application, or take the value as a parameter from the configuration",
};

pub fn check(sources: &[Source]) -> Vec<Finding> {
    sources
        .iter()
        .flat_map(|source| TECHNOLOGIES.iter().flat_map(|technology| check_file(technology, source)))
        .collect()
}

fn check_file(technology: &Technology, source: &Source) -> Vec<Finding> {
    if source.is_build_script() || technology.homes.iter().any(|home| is_home(home, source)) {
        return vec![];
    }
    let code = if technology.free_in_tests { &source.production } else { &source.code };
    let mut lines: Vec<_> = technology.words.iter().flat_map(|word| lines_saying(code, word)).collect();
    lines.sort_unstable();
    lines.dedup();
    let what = format!("{} belongs to {}", technology.name, technology.homes.join(", "));
    lines.into_iter().map(|line| Finding::at_line(&TECHNOLOGY, &source.path, line, what.clone())).collect()
}

fn is_home(home: &str, source: &Source) -> bool {
    source.package == home || (home.contains('/') && source.path.starts_with(home))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(package: &str, path: &str, text: &str) -> Vec<String> {
        check(&[Source::new(package, path, text)]).iter().map(Finding::place).collect()
    }

    #[test]
    fn sea_orm_is_named_in_infrastructure_migration_and_testkit() {
        for package in ["infrastructure", "migration", "testkit"] {
            assert!(places(package, "x/src/lib.rs", "use sea_orm::Set;").is_empty());
        }
    }

    #[test]
    fn sea_orm_is_named_nowhere_else_not_even_in_tests() {
        let text = "// sea_orm in a comment is fine\nuse sea_orm::Set;";
        assert_eq!(places("application", "crates/application/src/a.rs", text), ["crates/application/src/a.rs:2"]);
        assert_eq!(places("application", "crates/application/tests/a.rs", text), ["crates/application/tests/a.rs:2"]);
    }

    #[test]
    fn actix_web_is_named_in_web_and_server_and_in_tests() {
        let text = "use actix_web::web;";
        assert!(places("web", "crates/web/src/a.rs", text).is_empty());
        assert!(places("application", "crates/application/tests/a.rs", text).is_empty());
        assert_eq!(places("application", "crates/application/src/a.rs", text), ["crates/application/src/a.rs:1"]);
    }

    #[test]
    fn the_environment_is_read_by_the_configuration_alone() {
        let text = "use std::env;\nlet x = env::var(\"X\");\nlet y = env!(\"CARGO_PKG_VERSION\");";
        assert!(places("server", "crates/server/src/config/mod.rs", text).is_empty());
        assert!(places("server", "crates/server/build.rs", text).is_empty());
        assert_eq!(
            places("server", "crates/server/src/main.rs", text),
            ["crates/server/src/main.rs:1", "crates/server/src/main.rs:2"]
        );
    }
}
