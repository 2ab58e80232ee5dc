//! Mails about webhooks.

use super::greeting;
use crate::notifications::letter::{Block, Letter, Letterhead};
use crate::notifications::ports::Mail;
use domain::identity::User;
use domain::kernel::EmailAddress;
use domain::webhooks::{DisableReason, Endpoint};

/// A webhook was switched off.
#[must_use]
pub fn webhook_disabled(
    shop: &Letterhead,
    user: &User,
    endpoint: &Endpoint,
    reason: DisableReason,
    occasion: &str,
) -> Mail {
    let why = match reason {
        DisableReason::Gone => "It answered 410 Gone, which says that it wants no more messages.",
        DisableReason::Failing => "For five days not a single message has arrived there.",
        DisableReason::ByOwner => "Somebody who looks after it wants it so.",
    };
    let letter = Letter {
        reference: format!("webhook-disabled-{occasion}"),
        to: EmailAddress::clone(&user.email),
        subject: "A webhook was switched off".to_owned(),
        preview: format!("{why} Events are not sent to it any more."),
        title: "A webhook was switched off".to_owned(),
        blocks: vec![
            Block::Paragraph(greeting(user)),
            Block::Paragraph("We no longer send events to this address:".to_owned()),
            Block::Lines(vec![endpoint.url.clone()]),
            Block::Paragraph(format!("{why} When it is ready again, switch it on, and replay what it has missed.")),
            Block::Button {
                label: "Open the webhook".to_owned(),
                url: format!("{}/seller/webhooks/{}", shop.public_url, endpoint.id),
            },
        ],
        reason: format!("You get this mail because you made this webhook at {}.", shop.shop_name),
    };
    letter.write(shop)
}
