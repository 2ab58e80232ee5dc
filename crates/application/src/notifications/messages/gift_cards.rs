//! The mail with a gift card. Its words are a stranger's to whom it goes: they stand apart from the shop's.

use super::named;
use crate::notifications::letter::{Block, Letter, Letterhead, single_line};
use crate::notifications::ports::Mail;
use chrono::{DateTime, Utc};
use domain::gift_cards::{Delivery, GiftCardCode};
use domain::kernel::Money;

/// A gift card for somebody. The code of the page that prints it stands behind the `#`, which no browser sends.
#[must_use]
pub fn gift_card(
    shop: &Letterhead,
    delivery: &Delivery,
    code: &GiftCardCode,
    worth: Money,
    expires_at: Option<DateTime<Utc>>,
) -> Mail {
    let (name, gift) = (&shop.shop_name, &delivery.gift);
    let sender = gift.sender_name.as_deref().map(single_line).filter(|sender| !sender.is_empty());
    let from = sender.as_ref().map(|sender| format!(" from {sender}")).unwrap_or_default();
    let mut blocks = vec![
        Block::Paragraph(named(gift.recipient_name.as_deref())),
        Block::Paragraph(match &sender {
            Some(sender) => format!("{sender} sends you a gift card of {worth} for {name}."),
            None => format!("Here is a gift card of {worth} for {name}."),
        }),
    ];
    if let Some(message) = &gift.message {
        blocks.push(Block::Quote(message.lines().map(ToOwned::to_owned).collect()));
    }
    let until = expires_at.map(|end| format!(" It is good until {}.", end.format("%-d %B %Y"))).unwrap_or_default();
    blocks.extend([
        Block::Code(code.written()),
        Block::Paragraph(format!(
            "Enter the code when you pay, or take its value into your balance at {}.{until}",
            shop.page("/gift-card")
        )),
        Block::Button {
            label: "See and print the card".to_owned(),
            url: shop.page(&format!("/gift-card/print#{}", code.written())),
        },
        Block::Note("Whoever has the code has the money: keep this mail to yourself.".to_owned()),
    ]);
    let letter = Letter {
        reference: format!("gift-card-{}-{}", delivery.gift_card.uuid().simple(), delivery.letter),
        to: gift.recipient_email.clone(),
        subject: format!("A gift card for you{from}"),
        preview: format!("{worth} for {name}."),
        title: "A gift card for you".to_owned(),
        blocks,
        reason: format!("You get this mail because someone sent you a gift card of {name}."),
    };
    letter.write(shop)
}
