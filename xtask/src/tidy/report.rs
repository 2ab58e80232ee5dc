//! What `cargo xtask tidy` prints: the arrows it saw, then each broken rule with its places, its reason and its remedy.

use std::fmt;

use super::finding::{Finding, Weight};
use super::workspace::{Package, Workspace};

pub struct Report {
    arrows: Vec<String>,
    files: usize,
    findings: Vec<Finding>,
}

impl Report {
    pub fn new(workspace: &Workspace, mut findings: Vec<Finding>) -> Self {
        findings.sort_by(Finding::reading_order);
        Self { arrows: workspace.packages.iter().map(arrow).collect(), files: workspace.sources.len(), findings }
    }

    pub fn is_tidy(&self) -> bool {
        self.count(Weight::Error) == 0
    }

    fn count(&self, weight: Weight) -> usize {
        self.findings.iter().filter(|finding| finding.rule.weight == weight).count()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Arrows")?;
        for arrow in &self.arrows {
            writeln!(f, "  {arrow}")?;
        }
        for of_one_rule in self.findings.chunk_by(|one, next| one.rule == next.rule) {
            let Some(Finding { rule, .. }) = of_one_rule.first() else {
                continue;
            };
            let weight = match rule.weight {
                Weight::Error => "error",
                Weight::Warning => "warning",
            };
            writeln!(f, "\n{weight}: {}", rule.name)?;
            for finding in of_one_rule {
                writeln!(f, "  {}: {}", finding.place(), finding.what)?;
            }
            writeln!(f, "  why:  {}\n  mend: {}", rule.why, rule.mend)?;
        }
        let (errors, warnings) = (self.count(Weight::Error), self.count(Weight::Warning));
        let verdict = if self.is_tidy() { "tidy" } else { "not tidy" };
        writeln!(
            f,
            "\n{verdict}: {} crates, {} files, {errors} errors, {warnings} warnings",
            self.arrows.len(),
            self.files
        )
    }
}

fn arrow(package: &Package) -> String {
    let list = |names: Vec<&str>| {
        if names.is_empty() { "–".to_owned() } else { names.join(", ") }
    };
    let normal = package.inner_dependencies(false);
    let tests: Vec<_> = package.inner_dependencies(true).into_iter().filter(|name| !normal.contains(name)).collect();
    if tests.is_empty() {
        format!("{:<14} → {}", package.name, list(normal))
    } else {
        format!("{:<14} → {} (in tests: {})", package.name, list(normal), list(tests))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::finding::Rule;
    use crate::tidy::workspace::Dependency;

    static BROKEN: Rule = Rule { name: "a rule", weight: Weight::Error, why: "because", mend: "do this" };
    static DOUBTFUL: Rule = Rule { name: "a doubt", weight: Weight::Warning, why: "perhaps", mend: "look" };

    fn workspace() -> Workspace {
        let dependency = |name: &str, only_in_tests| Dependency { name: name.into(), inner: true, only_in_tests };
        Workspace {
            packages: vec![Package {
                name: "web".into(),
                manifest: "crates/web/Cargo.toml".into(),
                dependencies: vec![
                    dependency("domain", false),
                    dependency("domain", true),
                    dependency("testkit", true),
                ],
            }],
            manifests: vec![],
            sources: vec![],
        }
    }

    #[test]
    fn a_report_shows_the_arrows_and_says_that_all_is_tidy() {
        let report = Report::new(&workspace(), vec![]);
        assert!(report.is_tidy());
        assert_eq!(
            report.to_string(),
            "Arrows\n  web            → domain (in tests: testkit)\n\ntidy: 1 crates, 0 files, 0 errors, 0 warnings\n"
        );
    }

    #[test]
    fn a_report_tells_the_reason_and_the_remedy_of_a_rule_once_below_its_places() {
        let findings = vec![Finding::at_line(&BROKEN, "b.rs", 7, "second"), Finding::in_file(&BROKEN, "a.rs", "first")];
        let report = Report::new(&workspace(), findings);
        assert!(!report.is_tidy());
        assert!(
            report
                .to_string()
                .contains("error: a rule\n  a.rs: first\n  b.rs:7: second\n  why:  because\n  mend: do this\n")
        );
    }

    #[test]
    fn warnings_come_last_and_leave_the_workspace_tidy() {
        let report = Report::new(&workspace(), vec![Finding::in_file(&DOUBTFUL, "a.rs", "long")]);
        assert!(report.is_tidy());
        assert!(report.to_string().ends_with("tidy: 1 crates, 0 files, 0 errors, 1 warnings\n"));
    }
}
