//! The mirror rule: the same contexts have the same names on every floor, and nothing else stands beside them but the
//! rooms that the house knows.

use std::collections::BTreeSet;

use super::finding::{Finding, Rule, Weight};
use super::house::{CONTEXTS, DRAWERS, FLOORS, Floor};
use super::source::Source;

static MIRROR: Rule = Rule {
    name: "the mirror rule",
    weight: Weight::Error,
    why: "the same context at the same path on every floor: nobody needs to search",
    mend: "move it into the context that it belongs to; a new context or room is added to xtask/src/tidy/house.rs and \
           to ARCHITECTURE.md",
};

static DRAWER: Rule = Rule {
    name: "no drawers",
    weight: Weight::Error,
    why: "a drawer for everything grows for ever, and tells nobody what is in it",
    mend: "name it after what it does, and put it beside its caller",
};

pub fn check(sources: &[Source]) -> Vec<Finding> {
    let mut findings: Vec<_> = FLOORS.iter().flat_map(|floor| strangers_on(floor, sources)).collect();
    findings.extend(sources.iter().filter_map(drawer));
    findings
}

fn strangers_on(floor: &Floor, sources: &[Source]) -> Vec<Finding> {
    let folders: BTreeSet<&str> =
        sources.iter().filter_map(|source| folder_below(floor.folder, &source.path)).collect();
    let known = |folder: &&str| floor.rooms.contains(folder) || (floor.has_contexts && CONTEXTS.contains(folder));
    let strangers = folders.into_iter().filter(|folder| !known(folder));
    let what =
        if floor.has_contexts { "neither a context nor a room of this floor" } else { "not a room of this floor" };
    strangers.map(|folder| Finding::in_file(&MIRROR, &format!("{}/{folder}/", floor.folder), what)).collect()
}

/// The folder directly below `floor` in which `path` lies, if it lies in one.
fn folder_below<'a>(floor: &str, path: &'a str) -> Option<&'a str> {
    let (folder, _) = path.strip_prefix(floor)?.strip_prefix('/')?.split_once('/')?;
    Some(folder)
}

fn drawer(source: &Source) -> Option<Finding> {
    let names = source.path.split('/').map(|part| part.trim_end_matches(".rs"));
    let drawer = names.into_iter().find(|name| DRAWERS.contains(name))?;
    Some(Finding::in_file(&DRAWER, &source.path, format!("`{drawer}` says nothing")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(paths: &[&str]) -> Vec<(&'static str, String)> {
        let sources: Vec<_> = paths.iter().map(|path| Source::new("any", path, "")).collect();
        check(&sources).into_iter().map(|finding| (finding.rule.name, finding.path)).collect()
    }

    #[test]
    fn contexts_and_rooms_stand_on_their_floors() {
        let paths = [
            "crates/domain/src/lib.rs",
            "crates/domain/src/kernel/money.rs",
            "crates/domain/src/ledger/movements/refund.rs",
            "crates/application/src/gift_cards/redeem.rs",
            "crates/infrastructure/src/mail/smtp.rs",
            "crates/infrastructure/src/sql/orders/entity.rs",
            "crates/web/src/problem/mod.rs",
            "crates/server/src/config/mod.rs",
        ];
        assert!(findings(&paths).is_empty());
    }

    #[test]
    fn an_unknown_folder_is_named_once() {
        let paths = ["crates/domain/src/shopping/a.rs", "crates/domain/src/shopping/b.rs"];
        assert_eq!(findings(&paths), [(MIRROR.name, "crates/domain/src/shopping/".to_owned())]);
    }

    #[test]
    fn the_kernel_is_in_the_domain_only() {
        assert_eq!(findings(&["crates/web/src/kernel/a.rs"]), [(MIRROR.name, "crates/web/src/kernel/".to_owned())]);
    }

    #[test]
    fn contexts_of_the_infrastructure_are_under_sql() {
        let path = "crates/infrastructure/src/orders/a.rs";
        assert_eq!(findings(&[path]), [(MIRROR.name, "crates/infrastructure/src/orders/".to_owned())]);
    }

    #[test]
    fn drawers_are_refused_as_files_and_as_folders() {
        for path in ["crates/server/src/utils.rs", "crates/server/tests/common/mod.rs"] {
            assert_eq!(findings(&[path]), [(DRAWER.name, path.to_owned())]);
        }
        assert!(findings(&["crates/server/src/common_shares.rs"]).is_empty());
    }
}
