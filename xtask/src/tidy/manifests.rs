//! Dependencies stand once, in the root manifest, each with a comment that says what it is for.

use super::finding::{Finding, Rule, Weight};
use super::workspace::Manifest;

static COMMENT: Rule = Rule {
    name: "every dependency says what it is for",
    weight: Weight::Error,
    why: "whoever reads the list learns the stack, and whoever adds to it has thought twice",
    mend: "add a comment at the end of the line, or on the line above it",
};

static ONCE: Rule = Rule {
    name: "every dependency stands once",
    weight: Weight::Error,
    why: "two versions or two feature lists of one crate compile twice and drift apart",
    mend: "put the version in [workspace.dependencies] of the root, and `name.workspace = true` here",
};

const ROOT: &str = "Cargo.toml";

pub fn check(manifests: &[Manifest]) -> Vec<Finding> {
    manifests.iter().flat_map(check_manifest).collect()
}

fn check_manifest(manifest: &Manifest) -> Vec<Finding> {
    let entries = entries(&manifest.text).into_iter();
    if manifest.path == ROOT {
        entries
            .filter(|entry| entry.section == "[workspace.dependencies]" && !entry.has_comment)
            .map(|entry| Finding::at_line(&COMMENT, &manifest.path, entry.line, entry.name))
            .collect()
    } else {
        entries
            .filter(|entry| entry.section.ends_with("dependencies]") && !entry.text.contains("workspace = true"))
            .map(|entry| Finding::at_line(&ONCE, &manifest.path, entry.line, entry.name))
            .collect()
    }
}

struct Entry<'a> {
    section: &'a str,
    name: &'a str,
    text: &'a str,
    line: usize,
    has_comment: bool,
}

/// The lines that begin an entry; the further lines of a list that is spread over several are not entries.
fn entries(text: &str) -> Vec<Entry<'_>> {
    let (mut section, mut after_comment, mut depth) = ("", false, 0_usize);
    let mut entries = Vec::new();
    for (index, line) in text.lines().map(str::trim).enumerate() {
        let (value, comment) = split_comment(line);
        if depth == 0 && value.starts_with('[') {
            section = value;
        } else if depth == 0
            && let Some((name, _)) = value.split_once('=')
        {
            let name = name.trim();
            entries.push(Entry { section, name, text: value, line: index + 1, has_comment: comment || after_comment });
        }
        if !value.starts_with('[') || depth > 0 {
            depth = (depth + count(value, "[{")).saturating_sub(count(value, "]}"));
        }
        after_comment = comment && value.is_empty();
    }
    entries
}

fn split_comment(line: &str) -> (&str, bool) {
    let mut quoted = false;
    for (at, character) in line.char_indices() {
        match character {
            '"' => quoted = !quoted,
            '#' if !quoted => return (line[..at].trim_end(), true),
            _ => {}
        }
    }
    (line, false)
}

fn count(text: &str, any_of: &str) -> usize {
    text.chars().filter(|&character| any_of.contains(character)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(path: &str, text: &str) -> Vec<String> {
        let manifest = Manifest { path: path.to_owned(), text: text.to_owned() };
        check(&[manifest]).iter().map(|finding| format!("{} {}", finding.place(), finding.what)).collect()
    }

    #[test]
    fn a_comment_at_the_end_or_above_is_enough() {
        let text = "[workspace.dependencies]\nserde = \"1\" # DTOs\n# UTC times\nchrono = { version = \"0.4\", features = [\n  \"clock\",\n] }\n";
        assert!(places("Cargo.toml", text).is_empty());
    }

    #[test]
    fn a_dependency_without_a_comment_is_named_with_its_line() {
        let text = "[workspace]\nresolver = \"3\"\n[workspace.dependencies]\n# DTOs\nserde = \"1\"\nurl = { version = \"2\", features = [\"a#b\"] }\n";
        assert_eq!(places("Cargo.toml", text), ["Cargo.toml:6 url"]);
    }

    #[test]
    fn a_member_takes_its_dependencies_from_the_workspace() {
        let good = "[dependencies]\nserde.workspace = true\ntokio = { workspace = true, features = [\"fs\"] }\n";
        assert!(places("crates/web/Cargo.toml", good).is_empty());
        let bad = "[package]\nname = \"web\"\n[dev-dependencies]\nserde = \"1\"\n";
        assert_eq!(places("crates/web/Cargo.toml", bad), ["crates/web/Cargo.toml:4 serde"]);
    }
}
