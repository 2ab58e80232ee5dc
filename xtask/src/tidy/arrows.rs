//! Which crates of the workspace may depend on which.

use super::finding::{Finding, Rule, Weight};
use super::house::{ARROWS, TESTKIT};
use super::workspace::{Dependency, Package};

static ARROW: Rule = Rule {
    name: "arrows between crates",
    weight: Weight::Error,
    why: "the rules of the shop stay free of the database and of HTTP only while arrows point inwards; web and \
          infrastructure never see each other",
    mend: "move the code inwards, or let the outer crate implement a port (a trait) of application; server joins them",
};

static TESTKIT_ARROW: Rule = Rule {
    name: "testkit in tests only",
    weight: Weight::Error,
    why: "doubles and builders have no place in the binary that people run",
    mend: "list testkit under [dev-dependencies]",
};

static UNKNOWN_CRATE: Rule = Rule {
    name: "every crate has its place",
    weight: Weight::Error,
    why: "a crate without a place has no rules",
    mend: "give it a line in ARROWS of xtask/src/tidy/house.rs, and a sentence in ARCHITECTURE.md",
};

pub fn check(packages: &[Package]) -> Vec<Finding> {
    packages.iter().flat_map(check_package).collect()
}

fn check_package(package: &Package) -> Vec<Finding> {
    let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == package.name) else {
        return vec![Finding::in_file(&UNKNOWN_CRATE, &package.manifest, format!("{} is unknown", package.name))];
    };
    let inner = package.dependencies.iter().filter(|dependency| dependency.inner);
    inner.filter_map(|dependency| check_arrow(package, dependency, allowed)).collect()
}

fn check_arrow(package: &Package, dependency: &Dependency, allowed: &[&str]) -> Option<Finding> {
    let (from, to) = (package.name.as_str(), dependency.name.as_str());
    if allowed.contains(&to) {
        return None;
    }
    match (to == TESTKIT, dependency.only_in_tests) {
        (true, true) => None,
        (true, false) => Some(Finding::in_file(&TESTKIT_ARROW, &package.manifest, format!("{from} → {to}"))),
        (false, _) => {
            let allowed = if allowed.is_empty() { "nothing here".to_owned() } else { allowed.join(", ") };
            let what = format!("{from} → {to} ({from} may depend on {allowed})");
            Some(Finding::in_file(&ARROW, &package.manifest, what))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, dependencies: &[(&str, bool)]) -> Package {
        let dependency =
            |&(name, only_in_tests): &(&str, bool)| Dependency { name: name.to_owned(), inner: true, only_in_tests };
        Package {
            name: name.to_owned(),
            manifest: format!("crates/{name}/Cargo.toml"),
            dependencies: dependencies.iter().map(dependency).collect(),
        }
    }

    fn broken(name: &str, dependencies: &[(&str, bool)]) -> Vec<&'static str> {
        check(&[package(name, dependencies)]).iter().map(|finding| finding.rule.name).collect()
    }

    #[test]
    fn arrows_may_point_inwards() {
        assert!(broken("web", &[("application", false), ("domain", false), ("testkit", true)]).is_empty());
        assert!(broken("server", &[("web", false), ("infrastructure", false), ("migration", false)]).is_empty());
    }

    #[test]
    fn web_may_not_see_infrastructure_not_even_in_tests() {
        assert_eq!(broken("web", &[("infrastructure", false)]), [ARROW.name]);
        assert_eq!(broken("web", &[("infrastructure", true)]), [ARROW.name]);
    }

    #[test]
    fn the_domain_depends_on_no_other_crate() {
        assert_eq!(broken("domain", &[("application", false)]), [ARROW.name]);
    }

    #[test]
    fn testkit_may_not_be_a_normal_dependency() {
        assert_eq!(broken("server", &[("testkit", false)]), [TESTKIT_ARROW.name]);
    }

    #[test]
    fn a_crate_that_the_house_does_not_know_is_refused() {
        assert_eq!(broken("shared", &[]), [UNKNOWN_CRATE.name]);
    }
}
