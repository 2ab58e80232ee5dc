//! One Rust file, read three ways: as it is written, as code (comments and literals blanked), and as production code
//! (tests blanked as well). Blanking keeps every line where it was, so a line number means the same in all three.

use super::house::TEST_PACKAGES;

pub struct Source {
    pub package: String,
    pub path: String,
    pub text: String,
    pub code: String,
    pub production: String,
}

impl Source {
    pub fn new(package: &str, path: &str, text: &str) -> Self {
        let code = blank_comments_and_literals(text);
        let production = if is_test_code(package, path) || code.trim_start().starts_with("#![cfg(test)]") {
            blank(&code)
        } else {
            blank_tests(&code)
        };
        Self { package: package.to_owned(), path: path.to_owned(), text: text.to_owned(), code, production }
    }

    pub fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    pub fn is_test(&self) -> bool {
        is_test_code(&self.package, &self.path)
    }

    pub fn is_build_script(&self) -> bool {
        self.file_name() == "build.rs"
    }

    /// The lines before the tests at the foot of the file.
    pub fn lines_before_tests(&self) -> usize {
        let is_tests = |(start, _): &(usize, &str)| is_module(&self.code[*start..]);
        let tests = self.code.match_indices(TEST_ONLY).find(is_tests);
        let end = tests.map_or(self.code.len(), |(start, _)| start);
        self.code[..end].lines().count()
    }
}

const TEST_ONLY: &str = "#[cfg(test)]";

/// Whether the item that `code` begins with, below its attributes, is a module.
fn is_module(code: &str) -> bool {
    let head = code.find(['{', ';']).map_or(code, |end| &code[..end]);
    head.split_whitespace().any(|word| word == "mod")
}

/// The lines (from 1) on which `text` says `word`; a word that begins or ends like a name is not found inside a longer name.
pub fn lines_saying(text: &str, word: &str) -> Vec<usize> {
    let found = |line: &str| {
        line.match_indices(word).any(|(start, _)| {
            let before = line[..start].chars().next_back();
            let after = line[start + word.len()..].chars().next();
            let longer_at_front = continues(before) && continues(word.chars().next());
            let longer_at_end = continues(after) && continues(word.chars().next_back());
            !longer_at_front && !longer_at_end
        })
    };
    text.lines().enumerate().filter(|(_, line)| found(line)).map(|(index, _)| index + 1).collect()
}

fn continues(character: Option<char>) -> bool {
    character.is_some_and(|character| character.is_alphanumeric() || character == '_')
}

fn is_test_code(package: &str, path: &str) -> bool {
    let in_folder = |name: &str| path.split('/').rev().skip(1).any(|part| part == name);
    TEST_PACKAGES.contains(&package)
        || ["tests", "benches", "examples"].into_iter().any(in_folder)
        || path.ends_with("/tests.rs")
}

fn blank(text: &str) -> String {
    text.chars().map(blanked).collect()
}

fn blanked(character: char) -> char {
    if character == '\n' { '\n' } else { ' ' }
}

fn blank_comments_and_literals(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = end_of_comment(&chars, at).or_else(|| end_of_literal(&chars, at));
        match end {
            Some(end) => {
                let end = end.min(chars.len());
                code.extend(chars[at..end].iter().copied().map(blanked));
                at = end;
            }
            None => {
                code.push(chars[at]);
                at += 1;
            }
        }
    }
    code
}

fn starts(chars: &[char], at: usize, with: &str) -> bool {
    with.chars().enumerate().all(|(offset, wanted)| chars.get(at + offset) == Some(&wanted))
}

fn end_of_comment(chars: &[char], at: usize) -> Option<usize> {
    if starts(chars, at, "//") {
        let length = chars[at..].iter().position(|&character| character == '\n');
        return Some(length.map_or(chars.len(), |length| at + length));
    }
    if !starts(chars, at, "/*") {
        return None;
    }
    let (mut depth, mut end) = (1, at + 2);
    while depth > 0 && end < chars.len() {
        if starts(chars, end, "/*") {
            (depth, end) = (depth + 1, end + 2);
        } else if starts(chars, end, "*/") {
            (depth, end) = (depth - 1, end + 2);
        } else {
            end += 1;
        }
    }
    Some(end)
}

fn end_of_literal(chars: &[char], at: usize) -> Option<usize> {
    match chars.get(at)? {
        '"' => Some(end_of_string(chars, at + 1)),
        '\'' => end_of_character(chars, at),
        'r' if !within_name(chars, at) => end_of_raw_string(chars, at + 1),
        _ => None,
    }
}

/// Whether the `r` at `at` ends a name (`for`) rather than begins a raw string (`r"`, `br"`, `cr"`).
fn within_name(chars: &[char], at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).and_then(|at| chars.get(at)).copied();
    let prefixed = matches!(before(1), Some('b' | 'c'));
    continues(before(if prefixed { 2 } else { 1 }))
}

fn end_of_string(chars: &[char], mut at: usize) -> usize {
    while let Some(&character) = chars.get(at) {
        match character {
            '"' => return at + 1,
            '\\' => at += 2,
            _ => at += 1,
        }
    }
    at
}

fn end_of_raw_string(chars: &[char], at: usize) -> Option<usize> {
    let hashes = chars.get(at..)?.iter().take_while(|&&character| character == '#').count();
    if chars.get(at + hashes) != Some(&'"') {
        return None;
    }
    let closing: String = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    let inside = at + hashes + 1;
    let end = (inside..chars.len()).find(|&at| starts(chars, at, &closing));
    Some(end.map_or(chars.len(), |end| end + closing.len()))
}

/// `'x'` and `'\n'` are characters; `'a` alone is a lifetime.
fn end_of_character(chars: &[char], at: usize) -> Option<usize> {
    if chars.get(at + 1) == Some(&'\\') {
        let closing = chars.get(at + 3..)?.iter().position(|&character| character == '\'')?;
        return Some(at + 3 + closing + 1);
    }
    (chars.get(at + 2) == Some(&'\'')).then_some(at + 3)
}

/// Blanks every item under `#[cfg(test)]`.
fn blank_tests(code: &str) -> String {
    let mut production = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(start) = rest.find(TEST_ONLY) {
        let (before, item) = rest.split_at(start);
        let (item, after) = item.split_at(end_of_item(item));
        production.push_str(before);
        production.push_str(&blank(item));
        rest = after;
    }
    production + rest
}

/// Where the item that `code` begins with ends: after its `;`, or after the brace that closes its body.
fn end_of_item(code: &str) -> usize {
    let (mut brackets, mut braces) = (0_usize, 0_usize);
    for (at, character) in code.char_indices() {
        match character {
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets = brackets.saturating_sub(1),
            '{' => braces += 1,
            '}' if braces <= 1 => return at + 1,
            '}' => braces -= 1,
            ';' if brackets == 0 && braces == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source::new("domain", "crates/domain/src/cart/cart.rs", text)
    }

    #[test]
    fn comments_and_literals_are_no_code() {
        let text =
            "a(); // b()\n/* c() /* d() */ e() */ f();\nlet s = \"g() \\\" h()\"; let r = r#\"i() \" j()\"#; k();";
        let code = source(text).code;
        for kept in ["a()", "f()", "k()"] {
            assert!(code.contains(kept), "{kept} is code");
        }
        for dropped in ["b()", "c()", "d()", "e()", "g()", "h()", "i()", "j()"] {
            assert!(!code.contains(dropped), "{dropped} is no code");
        }
        assert_eq!(code.lines().count(), text.lines().count());
    }

    #[test]
    fn a_quote_character_opens_no_string_and_a_lifetime_no_character() {
        let code = source("let q = '\"'; let e = '\\''; fn f<'a>(x: &'a str) { b(br\"no\"); for r in y {} }").code;
        assert!(code.contains("fn f<'a>(x: &'a str)"));
        assert!(code.contains("for r in y"));
        assert!(!code.contains("no"));
    }

    #[test]
    fn items_under_cfg_test_are_no_production_code() {
        let text = "fn a() {}\n#[cfg(test)]\nuse b::c;\nfn d() -> [u8; 2] { x() }\n#[cfg(test)]\nmod tests {\n    fn e() { y() }\n}\nfn f() {}";
        let production = source(text).production;
        assert!(production.contains("fn a()") && production.contains("x()") && production.contains("fn f()"));
        assert!(!production.contains("b::c") && !production.contains("y()"));
    }

    #[test]
    fn test_folders_test_files_and_test_packages_hold_no_production_code() {
        for (package, path) in [
            ("domain", "crates/domain/tests/money.rs"),
            ("domain", "crates/domain/src/cart/tests.rs"),
            ("testkit", "crates/testkit/src/lib.rs"),
            ("api-tests", "tests/api/src/lib.rs"),
        ] {
            let source = Source::new(package, path, "fn a() {}");
            assert!(source.is_test() && source.production.trim().is_empty(), "{path}");
        }
    }

    #[test]
    fn a_word_is_not_found_inside_a_longer_name() {
        assert_eq!(lines_saying("use sea_orm::X;\nuse sea_orm_migration::Y;", "sea_orm"), [1]);
        assert_eq!(lines_saying("my_rand();\nrand::rng();\nrandom();", "rand"), [2]);
        assert_eq!(lines_saying("x.unwrap_or(1);\nx.unwrap();", ".unwrap()"), [2]);
    }

    #[test]
    fn lines_are_counted_before_the_tests_at_the_foot() {
        assert_eq!(source("fn a() {}\n\n#[cfg(test)]\nmod tests {\n}\n").lines_before_tests(), 2);
        assert_eq!(source("// é\n#[cfg(test)]\n#[path = \"x\"]\nmod tests;\n").lines_before_tests(), 1);
        assert_eq!(source("fn a() {}\n#[cfg(test)]\nuse b;\nfn c() {}\n").lines_before_tests(), 4);
    }
}
