//! Mail: through an SMTP server or SendGrid, or into a folder that the development mailbox page shows.

mod folder;
mod sendgrid;
mod smtp;

pub use folder::FolderMailbox;
pub use sendgrid::{InvalidSendGridSettings, SendGridMailer};
pub use smtp::{InvalidSmtpUrl, SmtpMailer};

use application::notifications::letter::single_line;
use application::notifications::ports::Mail;
use lettre::message::Mailbox;

/// As much of a server's words is repeated.
const MOST_REPEATED: usize = 200;

/// The `Message-ID` of a mail: the same for each copy of it.
fn message_id(mail: &Mail, from: &Mailbox) -> String {
    let name: String = mail.reference.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).collect();
    format!("<{name}@{}>", from.email.domain())
}

/// What a server said of a mail, fit for log lines: without the address, and nothing at all if it repeats what the mail
/// says, which may be a secret.
fn repeatable(said: &str, mail: &Mail) -> String {
    let is_code = |word: &str| word.len() >= 6 && word.chars().all(|c| c.is_ascii_digit());
    let mut secrets = mail.text.split_whitespace().filter(|word| word.contains("://") || is_code(word));
    if secrets.any(|secret| said.contains(secret)) || said.contains(&mail.subject) {
        return "(it repeats the mail)".to_owned();
    }
    single_line(&said.replace(mail.to.as_str(), "(address)")).chars().take(MOST_REPEATED).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::kernel::EmailAddress;

    fn mail() -> Mail {
        Mail {
            reference: "order-1>\r\nBcc: x".to_owned(),
            to: EmailAddress::parse("ada@example.com").unwrap(),
            subject: "493027 is your code".to_owned(),
            text: "Code: 493027 or https://shop.example/x?token=1".to_owned(),
            html: "H".to_owned(),
        }
    }

    #[test]
    fn a_reference_cannot_add_a_header() {
        assert_eq!(message_id(&mail(), &"shop@carat.example".parse().unwrap()), "<order-1Bccx@carat.example>");
    }

    #[test]
    fn a_servers_words_do_not_carry_the_mail_into_the_log() {
        for said in ["spam: 493027", "bad link https://shop.example/x?token=1", "subject \"493027 is your code\""] {
            assert_eq!(repeatable(said, &mail()), "(it repeats the mail)");
        }
        assert_eq!(repeatable("550 5.1.1\r\n<ada@example.com> unknown", &mail()), "550 5.1.1 <(address)> unknown");
    }
}
