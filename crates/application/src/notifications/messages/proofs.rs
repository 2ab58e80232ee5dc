//! Mails that carry a secret: a code or a link by which somebody proves that an address is theirs. `occasion` tells this
//! letter from the others with other secrets; it is in the mail's headers, and must not be made of the secret.

use super::greeting;
use crate::notifications::letter::{Block, Letter, Letterhead};
use crate::notifications::ports::Mail;
use domain::identity::User;
use domain::kernel::EmailAddress;

/// The code that proves the address of a new account.
#[must_use]
pub fn verification_code(shop: &Letterhead, user: &User, code: &str, occasion: &str) -> Mail {
    let name = &shop.shop_name;
    let letter = Letter {
        reference: format!("verification-{occasion}"),
        to: user.email.clone(),
        subject: format!("{code} is your {name} code"),
        preview: "Enter it to confirm your e-mail address. It is good for 15 minutes.".to_owned(),
        title: "Confirm your e-mail address".to_owned(),
        blocks: vec![
            Block::Paragraph(greeting(user)),
            Block::Paragraph("Enter this code to confirm your e-mail address:".to_owned()),
            Block::Code(code.to_owned()),
            Block::Note(
                "It is good for 15 minutes. We never ask for it by phone or mail. If you did not ask for it, you can \
                 ignore this mail."
                    .to_owned(),
            ),
        ],
        reason: format!("You get this mail because an account at {name} was made with your address."),
    };
    letter.write(shop)
}

/// The code that proves an account's new address. It goes to that address, which may be a stranger's: nothing in it says
/// whose account it is.
#[must_use]
pub fn email_change_code(shop: &Letterhead, to: &EmailAddress, code: &str, occasion: &str) -> Mail {
    let name = &shop.shop_name;
    let letter = Letter {
        reference: format!("email-change-{occasion}"),
        to: to.clone(),
        subject: format!("{code} is your {name} code"),
        preview: "Enter it to confirm your new e-mail address. It is good for 15 minutes.".to_owned(),
        title: "Confirm your new e-mail address".to_owned(),
        blocks: vec![
            Block::Paragraph("Hello,".to_owned()),
            Block::Paragraph(format!("Enter this code to use this address for your account at {name}:")),
            Block::Code(code.to_owned()),
            Block::Note(
                "It is good for 15 minutes. We never ask for it by phone or mail. If you did not ask for it, you can \
                 ignore this mail: your address is not used."
                    .to_owned(),
            ),
        ],
        reason: format!("You get this mail because someone wants to use your address for an account at {name}."),
    };
    letter.write(shop)
}

/// The link by which a forgotten password is replaced.
#[must_use]
pub fn password_reset(shop: &Letterhead, user: &User, link: &str, occasion: &str) -> Mail {
    let name = &shop.shop_name;
    let letter = Letter {
        reference: format!("password-reset-{occasion}"),
        to: user.email.clone(),
        subject: format!("Set a new password for {name}"),
        preview: "The link is good for 30 minutes, and once.".to_owned(),
        title: "Set a new password".to_owned(),
        blocks: vec![
            Block::Paragraph(greeting(user)),
            Block::Paragraph("Here you can set a new password for your account.".to_owned()),
            Block::Button { label: "Set a new password".to_owned(), url: link.to_owned() },
            Block::Note(
                "The link is good for 30 minutes, and once. If you did not ask for it, you can ignore this mail: your \
                 password stays as it is."
                    .to_owned(),
            ),
        ],
        reason: format!("You get this mail because someone asked for a new password for your account at {name}."),
    };
    letter.write(shop)
}

/// Somebody tries one wrong password after the other. The owner, who may be kept out by that, gets a way in.
#[must_use]
pub fn sign_in_help(shop: &Letterhead, user: &User, link: &str, occasion: &str) -> Mail {
    let name = &shop.shop_name;
    let letter = Letter {
        reference: format!("sign-in-help-{occasion}"),
        to: user.email.clone(),
        subject: format!("Many wrong passwords for your {name} account"),
        preview: "Nobody got in. If you can't sign in, set a new password.".to_owned(),
        title: "Somebody is trying passwords".to_owned(),
        blocks: vec![
            Block::Paragraph(greeting(user)),
            Block::Paragraph(
                "We were given many wrong passwords for your account today, and refuse more of them for now. None of \
                 them was right."
                    .to_owned(),
            ),
            Block::Paragraph("If you want to sign in, set a new password with this link:".to_owned()),
            Block::Button { label: "Set a new password".to_owned(), url: link.to_owned() },
            Block::Note(
                "The link is good for 30 minutes, and once. If you have no need to sign in, there is nothing to do: your \
                 password stays as it is."
                    .to_owned(),
            ),
        ],
        reason: format!("You get this mail because you have an account at {name}."),
    };
    letter.write(shop)
}
