//! Text as people compare it: without case, and without the accents of the languages of western and central Europe.

/// The text in lower case and without accents: what finds "Étincelle" when somebody types "etincelle".
#[must_use]
pub fn fold(text: &str) -> String {
    text.to_lowercase().chars().map(plain).collect()
}

/// The letter without its accent, for the languages of western and central Europe.
fn plain(c: char) -> char {
    match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'ď' => 'd',
        'è'..='ë' | 'ē' | 'ę' | 'ě' => 'e',
        'ğ' => 'g',
        'ì'..='ï' | 'ī' | 'ı' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ő' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ş' => 's',
        'ť' => 't',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ž' | 'ż' => 'z',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_case_nor_accents_count() {
        assert_eq!(fold("Étincelle ÅLESUND łódź"), "etincelle alesund lodz");
        assert_eq!(fold("指輪 STRASSE ß"), "指輪 strasse ß");
    }
}
