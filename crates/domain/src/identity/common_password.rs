//! The passwords that are tried first: a well-known word, with letters written as look-alikes perhaps, and behind it what
//! people append to please a rule (`Password1!`, `P@ssw0rd`, `Summer2026!`, `Qwerty_123!`). Some hundred thousand of them
//! follow from one short list, so that no file of leaked passwords is needed. It can't know what only one person uses.

/// The words that the lists of leaked passwords begin with, in lower case.
#[rustfmt::skip]
const WORDS: [&str; 129] = [
    // The word itself, in the languages of the shop's customers, and what it opens.
    "password", "passwort", "passwd", "passw", "pass", "motdepasse", "contrasena", "contraseña", "senha", "haslo",
    "parola", "wachtwoord", "heslo", "kennwort", "login", "admin", "administrator", "root", "user", "guest", "access",
    "changeme", "change", "default", "letmein", "welcome", "willkommen", "bienvenue", "bienvenido", "hello", "hallo",
    "bonjour", "hola", "master", "carat",
    // Rows and corners of the keyboard, and the alphabet.
    "qwerty", "qwertz", "azerty", "qwertyuiop", "qwertzuiop", "azertyuiop", "qwert", "qwer", "qaz", "qazwsx", "asdf",
    "asdfg", "asdfgh", "asdfghjkl", "zxcv", "zxcvb", "zxcvbn", "zxcvbnm", "yxcvbn", "1q2w3e", "1q2w3e4r", "1q2w3e4r5t",
    "q1w2e3", "q1w2e3r4", "1qaz2wsx", "1qaz@wsx", "zaq12wsx", "zaq1@wsx", "abc", "abcd", "abcde", "abcdef", "a1b2c3d4",
    // What people like, and whom.
    "iloveyou", "ilove", "love", "loveyou", "lovely", "princess", "princesa", "sunshine", "flower", "angel", "baby",
    "monkey", "dragon", "tiger", "shadow", "superman", "batman", "spiderman", "pokemon", "starwars", "matrix", "ninja",
    "football", "fussball", "futbol", "baseball", "basketball", "soccer", "hockey", "liverpool", "arsenal", "chelsea",
    "barcelona", "realmadrid", "juventus", "ferrari", "mercedes", "porsche", "mustang", "harley", "computer",
    "internet", "google", "samsung", "freedom", "trustno", "michael", "jordan", "charlie", "daniel", "thomas",
    // The seasons, and the months whose names have a length that rules ask for.
    "spring", "summer", "autumn", "winter", "january", "february", "september", "october", "november", "december",
];

/// Whether everybody would guess it: one of the words and nothing but the usual ending.
pub fn is_common(password: &str) -> bool {
    let lower = password.to_lowercase();
    let digits_only = !lower.is_empty() && is_guessable_number(&lower);
    digits_only || WORDS.iter().any(|word| after_word(&lower, word).is_some_and(is_usual_ending))
}

/// What follows the word, if the text begins with it or with its look-alike.
fn after_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let mut rest = text.chars();
    word.chars()
        .all(|letter| rest.next().is_some_and(|c| c == letter || looks_like(c) == letter))
        .then_some(rest.as_str())
}

const fn looks_like(c: char) -> char {
    match c {
        '@' | '4' => 'a',
        '3' => 'e',
        '1' | '!' => 'i',
        '0' => 'o',
        '$' | '5' => 's',
        '7' => 't',
        other => other,
    }
}

/// Some signs, a number that comes to mind, some signs; each may be missing.
fn is_usual_ending(rest: &str) -> bool {
    let is_sign = |c: char| c.is_ascii_punctuation();
    let number_and_signs = rest.trim_start_matches(is_sign);
    let number = number_and_signs.trim_end_matches(is_sign);
    let signs = rest.len().saturating_sub(number.len()); // all are ASCII
    signs <= 6 && is_guessable_number(number)
}

/// Up to two digits, a year, one digit again and again, or digits in the keyboard's order.
fn is_guessable_number(text: &str) -> bool {
    if !text.chars().all(|c| c.is_ascii_digit()) {
        return false;
    }
    let is_year = text.len() == 4 && (text.starts_with("19") || text.starts_with("20"));
    let is_one_digit = text.chars().zip(text.chars().skip(1)).all(|(one, next)| one == next);
    let is_row = ["1234567890", "0123456789", "0987654321", "9876543210", "123123123", "321321321"]
        .iter()
        .any(|row| row.contains(text));
    text.len() <= 2 || is_year || is_one_digit || is_row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_tries_first_is_common() {
        for text in [
            "Password1!",
            "password",
            "PASSWORD123!",
            "P@ssw0rd",
            "P@$$w0rd1!",
            "Passw0rd!",
            "Qwerty123!",
            "Qwerty_2024!",
            "Welcome1!",
            "Summer2026!",
            "Winter24!",
            "Admin@123",
            "Iloveyou1!",
            "1qaz@WSX",
            "1q2w3e4R!",
            "Letmein!!1",
            "Abc123!@#",
            "Abcd1234!",
            "Trustno1!",
            "12345678",
            "11111111",
            "Contraseña1!",
            "Carat2026!",
            "Pass1234!",
        ] {
            assert!(is_common(text), "{text}");
        }
    }

    #[test]
    fn a_word_of_ones_own_is_not() {
        for text in [
            "Carat-demo-1",
            "Corr3ct-horse!",
            "Secret-123",
            "Password-of-Ada-7",
            "Qwerty4Ever!",
            "Welcome1!x",
            "12345678aA!",
            "Summer2026Rain!",
            "Xk4!mmq2",
            "Passepartout7!",
            "Password48151623!",
            "",
            "é",
            "Großmutter1!",
            "Password1!é",
        ] {
            assert!(!is_common(text), "{text}");
        }
    }

    #[test]
    fn every_word_is_written_as_it_is_compared() {
        for word in WORDS {
            assert_eq!(word, word.to_lowercase());
            assert!(is_common(word), "{word}");
        }
    }
}
