//! Mails about payments that are held.

use super::named;
use crate::notifications::letter::{Block, Letter, Letterhead};
use crate::notifications::ports::Mail;
use crate::payments::ports::PaymentWithCustomer;
use domain::identity::User;
use domain::kernel::EmailAddress;
use domain::payments::{PaymentStatus, Review};

/// The bank has promised a customer's money, and somebody looks at that before it is taken.
#[must_use]
pub fn payment_held(shop: &Letterhead, found: &PaymentWithCustomer, to: &EmailAddress, url: &str) -> Mail {
    let (amount, what) = (found.payment.amount, what(found));
    let letter = Letter {
        reference: format!("payment-{}-held", found.payment.id.uuid().simple()),
        to: to.clone(),
        subject: "We are looking at your payment".to_owned(),
        preview: format!("Your bank has set {amount} aside, and nothing is charged yet."),
        title: "We are looking at your payment".to_owned(),
        blocks: vec![
            Block::Paragraph(format!("Your bank has set {amount} aside for {what}, and nothing is charged yet.")),
            Block::Paragraph(
                "We look at some payments before we take the money. We decide within six days, mostly much sooner, and \
                 write to you. There is nothing that you have to do."
                    .to_owned(),
            ),
            Block::Button { label: label(found), url: url.to_owned() },
        ],
        reason: format!("You get this mail because you paid at {}.", shop.shop_name),
    };
    letter.write(shop)
}

/// A payment waits for an admin's decision.
#[must_use]
pub fn review_request(shop: &Letterhead, found: &PaymentWithCustomer, admin: &User) -> Mail {
    let payment = &found.payment;
    let amount = payment.amount;
    let reasons: Vec<String> =
        payment.review.iter().flat_map(|review| &review.reasons).map(|reason| reason.replace('_', " ")).collect();
    let who = found.email.as_ref().map_or_else(|| "A guest".to_owned(), ToString::to_string);
    let order =
        found.order_number.as_ref().map_or_else(|| "their balance".to_owned(), |number| format!("order {}", number.0));
    let end = (payment.created_at + Review::TIME_TO_DECIDE).format("%-d %B %Y, %H:%M UTC");
    let letter = Letter {
        reference: format!("payment-{}-waits-{}", payment.id.uuid().simple(), admin.id.uuid().simple()),
        to: admin.email.clone(),
        subject: format!("A payment waits for your decision: {amount}"),
        preview: format!("{who} pays {amount} for {order}."),
        title: "A payment waits for your decision".to_owned(),
        blocks: vec![
            Block::Paragraph(named(admin.name.as_deref())),
            Block::Paragraph(format!(
                "{who} pays {amount} for {order}. The bank has promised the money, and it is held."
            )),
            Block::Lines(vec![
                format!("Why it is looked at: {}", reasons.join(", ")),
                format!("If nobody decides, it is let go on {end}"),
            ]),
            Block::Button {
                label: "Look at it".to_owned(),
                url: format!("{}/seller/payments?status=held", shop.public_url),
            },
        ],
        reason: format!("You get this mail because you look after {}.", shop.shop_name),
    };
    letter.write(shop)
}

/// How it ended: the money was let go, or is in the customer's balance. Of an order that is paid its confirmation tells.
#[must_use]
pub fn payment_reviewed(shop: &Letterhead, found: &PaymentWithCustomer, to: &EmailAddress, url: &str) -> Mail {
    let (amount, what) = (found.payment.amount, what(found));
    let (title, text) = if found.payment.status == PaymentStatus::Captured {
        ("Your payment is through".to_owned(), format!("We have looked at your payment: {amount} is in your balance."))
    } else {
        let end = if found.order_number.is_some() { format!(", and {what} is cancelled") } else { String::new() };
        let text = format!(
            "We have let go of the {amount} that your bank had set aside for {what}. Nothing was charged{end}. Some banks \
             take a few days to show that."
        );
        ("Your payment was not taken".to_owned(), text)
    };
    let letter = Letter {
        reference: format!("payment-{}-reviewed", found.payment.id.uuid().simple()),
        to: to.clone(),
        subject: title.clone(),
        preview: text.clone(),
        title,
        blocks: vec![Block::Paragraph(text), Block::Button { label: label(found), url: url.to_owned() }],
        reason: format!("You get this mail because you paid at {}.", shop.shop_name),
    };
    letter.write(shop)
}

/// What is paid.
fn what(found: &PaymentWithCustomer) -> String {
    found.order_number.as_ref().map_or_else(|| "your balance".to_owned(), |number| format!("order {}", number.0))
}

fn label(found: &PaymentWithCustomer) -> String {
    if found.order_number.is_some() { "See your order" } else { "See your payment" }.to_owned()
}
