//! Codes that people read aloud and type: Crockford's base 32, which has no I, L, O and U
//! (<https://www.crockford.com/base32.html>).

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A character of unpredictable bits: five of each byte.
pub fn draw(bits: impl IntoIterator<Item = u8>) -> String {
    bits.into_iter().filter_map(|byte| ALPHABET.get(usize::from(byte % 32))).map(|c| char::from(*c)).collect()
}

/// Reads what people typed, in capitals: dashes and spaces don't count, and letters that look like digits are taken for
/// them. `None` when a character can't be of such a code, or when there are more or fewer than `length`.
#[must_use]
pub fn read(text: &str, length: usize) -> Option<String> {
    let typed = text.chars().filter(|c| *c != '-' && !c.is_whitespace()).map(|c| match c.to_ascii_uppercase() {
        'I' | 'L' => '1',
        'O' => '0',
        other => other,
    });
    let characters: String = typed.take(length + 1).collect();
    let known = |c: char| u8::try_from(c).is_ok_and(|byte| ALPHABET.contains(&byte));
    (characters.len() == length && characters.chars().all(known)).then_some(characters)
}

/// With a dash after every `size` characters, but none at the end.
#[must_use]
pub fn grouped(code: &str, size: usize) -> String {
    let mut text = String::new();
    for (place, character) in code.chars().enumerate() {
        if place > 0 && place.is_multiple_of(size) {
            text.push('-');
        }
        text.push(character);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_five_bits_are_a_character_that_cannot_be_taken_for_another() {
        assert_eq!(draw(0..32), "0123456789ABCDEFGHJKMNPQRSTVWXYZ");
        assert_eq!(draw([32, 255]), "0Z");
    }

    #[test]
    fn what_people_type_is_read_with_its_slips() {
        assert_eq!(read(" o1-iL zy ", 6).as_deref(), Some("0111ZY"));
        for wrong in ["", "01", "0123456", "0U1111", "0é1111"] {
            assert_eq!(read(wrong, 6), None, "{wrong}");
        }
    }

    #[test]
    fn a_code_is_written_in_groups() {
        assert_eq!(grouped("ABCDEFGH", 4), "ABCD-EFGH");
        assert_eq!(grouped("ABCDE", 4), "ABCD-E");
        assert_eq!(grouped("", 4), "");
    }
}
