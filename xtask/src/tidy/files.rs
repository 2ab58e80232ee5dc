//! Files are short, and every module says in a paragraph what it is for and what it leaves out.

use super::finding::{Finding, Rule, Weight};
use super::house::{LINES_AT_MOST, LINES_TO_LOOK_AGAIN};
use super::source::Source;

static TOO_LONG: Rule = Rule {
    name: "files have at most 500 lines before their tests",
    weight: Weight::Error,
    why: "a file that cannot be read in one go is two files",
    mend: "find the second room in it, and give it a file of its own",
};

static LONG: Rule = Rule {
    name: "files over 300 lines before their tests",
    weight: Weight::Warning,
    why: "there may be a second room in it",
    mend: "look again; if it is one thing, leave it",
};

static PARAGRAPH: Rule = Rule {
    name: "every module begins with a paragraph",
    weight: Weight::Error,
    why: "a newcomer reads the first lines of each module, and no more, to find the way",
    mend: "begin the file with `//!`: what it is for, and what it deliberately leaves out",
};

pub fn check(sources: &[Source]) -> Vec<Finding> {
    sources.iter().flat_map(|source| [length(source), paragraph(source)]).flatten().collect()
}

fn length(source: &Source) -> Option<Finding> {
    if source.is_test() {
        return None;
    }
    let lines = source.lines_before_tests();
    let rule = if lines > LINES_AT_MOST {
        &TOO_LONG
    } else if lines > LINES_TO_LOOK_AGAIN {
        &LONG
    } else {
        return None;
    };
    Some(Finding::in_file(rule, &source.path, format!("{lines} lines")))
}

fn paragraph(source: &Source) -> Option<Finding> {
    let heads_a_module = source.path.contains("src/") && ["mod.rs", "lib.rs", "main.rs"].contains(&source.file_name());
    let begins_with_one = source.text.trim_start().strip_prefix("//!").is_some_and(|rest| {
        let first_line = rest.lines().next().unwrap_or_default();
        !first_line.trim().is_empty()
    });
    (heads_a_module && !begins_with_one)
        .then(|| Finding::at_line(&PARAGRAPH, &source.path, 1, "no `//!` paragraph at the top"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(path: &str, text: &str) -> Vec<&'static str> {
        check(&[Source::new("web", path, text)]).iter().map(|finding| finding.rule.name).collect()
    }

    #[test]
    fn a_module_begins_with_a_paragraph() {
        assert!(rules("crates/web/src/cart/mod.rs", "//! Carts over HTTP.\nmod dto;\n").is_empty());
        assert!(rules("crates/web/src/cart/dto.rs", "pub struct Cart;\n").is_empty());
    }

    #[test]
    fn a_module_without_a_paragraph_is_named() {
        assert_eq!(rules("crates/web/src/lib.rs", "pub mod cart;\n"), [PARAGRAPH.name]);
        assert_eq!(rules("crates/web/src/cart/mod.rs", "//!\npub mod dto;\n"), [PARAGRAPH.name]);
    }

    #[test]
    fn length_is_counted_before_the_tests() {
        let file = |lines: usize| {
            format!("{}#[cfg(test)]\nmod tests {{\n{}}}\n", "x();\n".repeat(lines), "y();\n".repeat(600))
        };
        assert!(rules("crates/web/src/a.rs", &file(300)).is_empty());
        assert_eq!(rules("crates/web/src/a.rs", &file(301)), [LONG.name]);
        assert_eq!(rules("crates/web/src/a.rs", &file(500)), [LONG.name]);
        assert_eq!(rules("crates/web/src/a.rs", &file(501)), [TOO_LONG.name]);
    }

    #[test]
    fn test_files_may_be_long() {
        assert!(rules("crates/web/tests/a.rs", &"x();\n".repeat(900)).is_empty());
    }
}
