//! What a check answers: a rule, and a place where it is broken.

use std::cmp::Ordering;

/// A rule says why it exists and how to mend a breach, so that nobody has to ask.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rule {
    pub name: &'static str,
    pub weight: Weight,
    pub why: &'static str,
    pub mend: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Fails the check.
    Error,
    /// Is worth a look.
    Warning,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub rule: &'static Rule,
    pub path: String,
    pub line: Option<usize>,
    pub what: String,
}

impl Finding {
    pub fn in_file(rule: &'static Rule, path: &str, what: impl Into<String>) -> Self {
        Self { rule, path: path.to_owned(), line: None, what: what.into() }
    }

    pub fn at_line(rule: &'static Rule, path: &str, line: usize, what: impl Into<String>) -> Self {
        Self { rule, path: path.to_owned(), line: Some(line), what: what.into() }
    }

    pub fn place(&self) -> String {
        self.line.map_or_else(|| self.path.clone(), |line| format!("{}:{line}", self.path))
    }

    /// Errors first, then rule by rule, then in reading order.
    pub fn reading_order(&self, other: &Self) -> Ordering {
        (self.rule.weight, self.rule.name, &self.path, self.line).cmp(&(
            other.rule.weight,
            other.rule.name,
            &other.path,
            other.line,
        ))
    }
}
