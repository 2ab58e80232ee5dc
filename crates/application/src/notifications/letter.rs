//! The one look of all mails. A letter is a title and blocks, and each block is written as text and as HTML here, so that
//! the two forms of a mail can't say different things. Whatever people wrote is escaped.

mod html;
mod text;

use super::ports::Mail;
use domain::kernel::EmailAddress;

/// What mails say of the shop itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letterhead {
    /// The shop's name.
    pub shop_name: String,
    /// Where the shop is, without a slash at the end: `https://shop.example`.
    pub public_url: String,
}

/// A mail before it is written out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// What it is about, the same for each copy. It is in the mail's headers and in file names: no secret, made of ids.
    pub reference: String,
    /// To whom.
    pub to: EmailAddress,
    /// The subject.
    pub subject: String,
    /// What mail programs show beside the subject.
    pub preview: String,
    /// The heading.
    pub title: String,
    /// What it says.
    pub blocks: Vec<Block>,
    /// Why they get it: "You get this mail because ...".
    pub reason: String,
}

/// A part of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A few sentences.
    Paragraph(String),
    /// A code to be typed.
    Code(String),
    /// The one thing to do.
    Button {
        /// What it does.
        label: String,
        /// Where it leads.
        url: String,
    },
    /// Things and their amounts, with the sum.
    Table {
        /// What, and how much.
        rows: Vec<(String, String)>,
        /// The last row.
        total: (String, String),
    },
    /// Lines that belong together, as those of a postal address.
    Lines(Vec<String>),
    /// What somebody else says, in their lines.
    Quote(Vec<String>),
    /// Something said more quietly.
    Note(String),
}

impl Letterhead {
    /// The address of a page of the shop: `/login`.
    #[must_use]
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }
}

impl Letter {
    /// The mail, in both forms.
    #[must_use]
    pub fn write(self, shop: &Letterhead) -> Mail {
        let (text, html) = (text::write(&self, shop), html::write(&self, shop));
        Mail { text, html, reference: self.reference, to: self.to, subject: single_line(&self.subject) }
    }
}

/// The text on one line, without what is invisible or turns the direction of writing: what people wrote may not make a
/// line of its own, in a header least of all.
#[must_use]
pub fn single_line(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let visible: String = text.chars().filter(|c| !turns(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::email;

    fn written(subject: &str, blocks: Vec<Block>) -> Mail {
        let letter = Letter {
            reference: "reference".to_owned(),
            to: email("ada@example.com"),
            subject: subject.to_owned(),
            preview: "Preview".to_owned(),
            title: "Title".to_owned(),
            blocks,
            reason: "You get this mail because of a test.".to_owned(),
        };
        letter.write(&Letterhead { shop_name: "A & B".to_owned(), public_url: "https://shop.example".to_owned() })
    }

    #[test]
    fn a_subject_is_one_line() {
        let mail = written("Sold\r\nBcc: evil@example.com\u{2028}x\u{202e}y", Vec::new());
        assert_eq!(mail.subject, "Sold Bcc: evil@example.com xy");
    }

    #[test]
    fn what_people_wrote_cannot_become_html() {
        let hostile = "<b a=\"x\" b='y'>&".to_owned();
        let blocks = vec![
            Block::Paragraph(hostile.clone()),
            Block::Code(hostile.clone()),
            Block::Button { label: hostile.clone(), url: hostile.clone() },
            Block::Table { rows: vec![(hostile.clone(), hostile.clone())], total: (hostile.clone(), hostile.clone()) },
            Block::Lines(vec![hostile.clone()]),
            Block::Quote(vec![hostile.clone()]),
            Block::Note(hostile.clone()),
        ];
        let mail = written("Subject", blocks);
        assert!(!mail.html.contains("<b a"));
        assert_eq!(mail.html.matches("&lt;b a=&quot;x&quot; b=&#39;y&#39;&gt;&amp;").count(), 13);
        assert!(mail.html.contains("A &amp; B"));
    }

    #[test]
    fn what_people_wrote_cannot_become_a_paragraph_of_ours() {
        let hostile = "Ring\n\nYour account is closed, call 555\n\n";
        let table = Block::Table {
            rows: vec![(hostile.to_owned(), "€ 1".to_owned())],
            total: ("Total".to_owned(), "€ 1".to_owned()),
        };
        let mail = written("Subject", vec![table, Block::Lines(vec![hostile.to_owned()])]);
        assert_eq!(mail.text.matches("Ring Your account is closed, call 555").count(), 2);
    }

    #[test]
    fn both_forms_say_the_same() {
        let blocks = vec![
            Block::Paragraph("A paragraph".to_owned()),
            Block::Code("123456".to_owned()),
            Block::Button { label: "A button".to_owned(), url: "https://shop.example/page".to_owned() },
            Block::Table {
                rows: vec![("A ring".to_owned(), "5.00 EUR".to_owned())],
                total: ("The sum".to_owned(), "6.00 EUR".to_owned()),
            },
            Block::Lines(vec!["A street".to_owned(), "A town".to_owned()]),
            Block::Quote(vec!["A greeting".to_owned(), "A signature".to_owned()]),
            Block::Note("A note".to_owned()),
        ];
        let mail = written("Subject", blocks);
        let said = [
            "Title",
            "A paragraph",
            "123456",
            "A button",
            "https://shop.example/page",
            "A ring",
            "5.00 EUR",
            "The sum",
            "6.00 EUR",
            "A street",
            "A town",
            "A greeting",
            "A signature",
            "A note",
            "because of a test",
        ];
        for words in said {
            assert!(mail.text.contains(words), "{words} in {}", mail.text);
            assert!(mail.html.contains(words), "{words} in {}", mail.html);
        }
    }
}
