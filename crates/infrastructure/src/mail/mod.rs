//! Mail: through an SMTP server, or into a folder that the development mailbox page shows.

mod folder;
mod smtp;

pub use folder::FolderMailbox;
pub use smtp::{InvalidSmtpUrl, SmtpMailer};
