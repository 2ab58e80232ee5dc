//! Which contexts of one floor may import which. It reads paths that begin with `crate::` or climb by `super::`, also
//! inside braces; what a context is given by value or by id needs no import.

use super::finding::{Finding, Rule, Weight};
use super::house::{CONTEXTS, KERNEL, NEIGHBOURS, Neighbours};
use super::source::Source;

static NEIGHBOUR: Rule = Rule {
    name: "arrows between contexts",
    weight: Weight::Error,
    why: "contexts that know each other cannot be read, changed or tested one at a time",
    mend: "know the other by its id or by a snapshot (domain), or let checkout or a job join them (application); a new \
           arrow is added to NEIGHBOURS in xtask/src/tidy/house.rs and to ARCHITECTURE.md",
};

pub fn check(sources: &[Source]) -> Vec<Finding> {
    let on = |floor: &'static Neighbours| sources.iter().flat_map(move |source| check_file(floor, source));
    NEIGHBOURS.iter().flat_map(on).collect()
}

fn check_file(floor: &Neighbours, source: &Source) -> Vec<Finding> {
    let Some(path) = source.path.strip_prefix(floor.folder).and_then(|path| path.strip_prefix('/')) else {
        return vec![];
    };
    let own = path.split('/').next().unwrap_or(path).trim_end_matches(".rs");
    if !is_context(own) {
        return vec![];
    }
    let allowed = |name: &str| {
        let more = floor.more.iter().find(|(context, _)| *context == own).map_or(&[][..], |(_, more)| more);
        name == own || (own != KERNEL && floor.everyone.contains(&name)) || more.contains(&name)
    };
    imports(&source.production, depth(path))
        .into_iter()
        .filter(|(_, name)| is_context(name) && !allowed(name))
        .map(|(line, name)| Finding::at_line(&NEIGHBOUR, &source.path, line, format!("{own} → {name}")))
        .collect()
}

fn is_context(name: &str) -> bool {
    name == KERNEL || CONTEXTS.contains(&name)
}

/// How many times `super` leads from this file's module to the root: `cart.rs` and `cart/mod.rs` are 1 deep.
fn depth(path: &str) -> usize {
    path.trim_end_matches(".rs").trim_end_matches("/mod").split('/').count()
}

/// The top modules of this crate that `code` names, with their lines.
fn imports(code: &str, depth: usize) -> Vec<(usize, &str)> {
    let climb = "super::".repeat(depth);
    let roots = code.match_indices("crate::").chain(code.match_indices(climb.as_str()));
    let mut imports = Vec::new();
    for (start, root) in roots {
        let line = code[..start].lines().count().max(1);
        let path = &code[start + root.len()..];
        let names = path.strip_prefix('{').map_or_else(|| vec![first_name(path)], first_names);
        imports.extend(names.into_iter().map(|name| (line, name)));
    }
    imports.sort_unstable();
    imports.dedup();
    imports
}

fn first_name(path: &str) -> &str {
    let end = path.find(|character: char| !character.is_alphanumeric() && character != '_');
    &path[..end.unwrap_or(path.len())]
}

/// The first names of a list in braces: `a` and `b` of `a::{x, y}, b::z}`.
fn first_names(list: &str) -> Vec<&str> {
    let (mut names, mut depth, mut start) = (Vec::new(), 1_usize, 0);
    for (at, character) in list.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => {
                names.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        if depth == 0 {
            names.push(&list[start..at]);
            break;
        }
    }
    names.into_iter().map(|name| first_name(name.trim())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(package: &str, file: &str, text: &str) -> Vec<String> {
        let source = Source::new(package, &format!("crates/{package}/src/{file}"), text);
        check(&[source]).into_iter().map(|f| format!("{} {}", f.line.unwrap_or_default(), f.what)).collect()
    }

    #[test]
    fn a_context_of_the_domain_imports_the_kernel_and_itself() {
        let text = "use crate::kernel::Money;\nuse crate::cart::Line;\nuse super::line::Line;\n";
        assert!(findings("domain", "cart/cart.rs", text).is_empty());
    }

    #[test]
    fn a_context_of_the_domain_does_not_import_another() {
        assert_eq!(
            findings("domain", "cart/cart.rs", "use crate::kernel::Money;\nuse crate::orders::Order;"),
            ["2 cart → orders"]
        );
        assert_eq!(findings("domain", "cart/cart.rs", "fn f(x: super::super::orders::Order) {}"), ["1 cart → orders"]);
        assert_eq!(findings("domain", "cart/mod.rs", "use super::orders::Order;"), ["1 cart → orders"]);
    }

    #[test]
    fn imports_in_braces_are_seen() {
        let text = "use crate::{kernel::{Money, Page}, ledger, orders::Order};";
        assert_eq!(findings("domain", "cart.rs", text), ["1 cart → ledger", "1 cart → orders"]);
    }

    #[test]
    fn the_kernel_imports_no_context() {
        assert_eq!(findings("domain", "kernel/money.rs", "use crate::ledger::Posting;"), ["1 kernel → ledger"]);
    }

    #[test]
    fn tests_and_the_root_of_the_crate_may_name_every_context() {
        assert!(
            findings("domain", "cart/cart.rs", "#[cfg(test)]\nmod tests {\n use crate::orders::Order;\n}").is_empty()
        );
        assert!(findings("domain", "lib.rs", "pub use crate::orders::Order;").is_empty());
    }

    #[test]
    fn the_arrows_of_the_application_are_those_of_the_house() {
        assert!(findings("application", "checkout/place_order.rs", "use crate::cart::CartRepository;").is_empty());
        assert!(findings("application", "orders/cancel.rs", "use crate::{jobs::Job, ledger::Ledger};").is_empty());
        assert_eq!(findings("application", "ledger/post.rs", "use crate::orders::Orders;"), ["1 ledger → orders"]);
        assert_eq!(
            findings("application", "orders/pay.rs", "use crate::notifications::Mail;"),
            ["1 orders → notifications"]
        );
    }
}
