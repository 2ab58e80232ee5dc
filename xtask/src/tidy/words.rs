//! Words that code does not say: unfinished work and switched-off tests anywhere, panics where requests run.
//! Clippy forbids the panics too; here they are found without compiling.

use super::finding::{Finding, Rule, Weight};
use super::house::{PANICS, RUNNING_PACKAGES, UNFINISHED_CODE, UNFINISHED_TEXT};
use super::source::{Source, lines_saying};

static UNFINISHED: Rule = Rule {
    name: "nothing is left unfinished",
    weight: Weight::Error,
    why: "a stub that is called done is a defect, and a test that is switched off proves nothing",
    mend: "finish it, or take it out and describe it in an issue",
};

static PANIC: Rule = Rule {
    name: "nothing panics on a request's path",
    weight: Weight::Error,
    why: "a panic takes the request down with it, and tells the caller nothing",
    mend: "answer with an error; make the impossible state impossible to build",
};

pub fn check(sources: &[Source]) -> Vec<Finding> {
    sources.iter().flat_map(check_file).collect()
}

fn check_file(source: &Source) -> Vec<Finding> {
    let mut findings = saying(&UNFINISHED, source, &source.code, UNFINISHED_CODE);
    findings.extend(saying(&UNFINISHED, source, &source.text, UNFINISHED_TEXT));
    if RUNNING_PACKAGES.contains(&source.package.as_str()) && !source.is_build_script() {
        findings.extend(saying(&PANIC, source, &source.production, PANICS));
    }
    findings
}

fn saying(rule: &'static Rule, source: &Source, text: &str, words: &[&str]) -> Vec<Finding> {
    let finding = |word: &&str| {
        let what = format!("`{word}`");
        lines_saying(text, word).into_iter().map(move |line| Finding::at_line(rule, &source.path, line, what.clone()))
    };
    words.iter().flat_map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(package: &str, path: &str, text: &str) -> Vec<&'static str> {
        check(&[Source::new(package, path, text)]).iter().map(|finding| finding.rule.name).collect()
    }

    #[test]
    fn errors_and_defaults_are_welcome() {
        let text = "let x = y.unwrap_or_default();\nlet z = \"never panic!\";\n#[expect(dead_code)]\nfn f() {}";
        assert!(rules("web", "crates/web/src/a.rs", text).is_empty());
    }

    #[test]
    fn panics_are_refused_where_requests_run() {
        for text in ["y.unwrap();", "y.expect(\"why\");", "panic!(\"no\");", "unsafe { f() }"] {
            assert_eq!(rules("web", "crates/web/src/a.rs", text), [PANIC.name], "{text}");
        }
    }

    #[test]
    fn panics_are_welcome_in_tests_and_in_tools() {
        assert!(
            rules("web", "crates/web/src/a.rs", "#[cfg(test)]\nmod tests {\n    fn f() { y.unwrap(); }\n}").is_empty()
        );
        assert!(rules("web", "crates/web/tests/a.rs", "y.unwrap();").is_empty());
        assert!(rules("xtask", "xtask/src/main.rs", "y.unwrap();").is_empty());
    }

    #[test]
    fn unfinished_work_is_refused_everywhere() {
        for text in UNFINISHED_CODE.iter().map(|word| format!("{word}()")) {
            assert_eq!(rules("web", "crates/web/tests/a.rs", &text), [UNFINISHED.name], "{text}");
        }
        for text in UNFINISHED_TEXT.iter().map(|word| format!("// {word}: later")) {
            assert_eq!(rules("xtask", "xtask/src/main.rs", &text), [UNFINISHED.name], "{text}");
        }
    }
}
