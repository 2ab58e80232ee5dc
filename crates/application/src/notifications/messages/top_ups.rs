//! Mails about what goes back of top-ups.

use super::named;
use crate::notifications::letter::{Block, Letter, Letterhead};
use crate::notifications::ports::Mail;
use domain::identity::User;
use domain::refunds::TopUpRefund;

/// What was paid in goes back to its customer's card.
#[must_use]
pub fn top_up_refunded(shop: &Letterhead, refund: &TopUpRefund, customer: &User) -> Mail {
    let amount = refund.amount;
    let letter = Letter {
        reference: format!("refund-{}", refund.id.uuid().simple()),
        to: customer.email.clone(),
        subject: format!("{amount} goes back to your card"),
        preview: format!("{amount} of your balance goes back to your card."),
        title: "Your refund".to_owned(),
        blocks: vec![
            Block::Paragraph(named(customer.name.as_deref())),
            Block::Paragraph(format!(
                "{amount} of what you paid into your balance goes back to your card. It takes a bank up to ten days to show it."
            )),
            Block::Button { label: "See your balance".to_owned(), url: format!("{}/account/balance", shop.public_url) },
        ],
        reason: format!("You get this mail because you have an account at {}.", shop.shop_name),
    };
    letter.write(shop)
}

/// It did not arrive, told to the customer or to the admin who gave it.
#[must_use]
pub fn top_up_refund_failed(shop: &Letterhead, refund: &TopUpRefund, who: &User, gave_it: bool) -> Mail {
    let amount = refund.amount;
    let (text, label, path, reason) = if gave_it {
        let text = format!(
            "The customer's bank did not take {amount} that you gave back of a top-up. It is in the customer's balance again. Ask \
             the customer how else they can be paid back."
        );
        (text, "See the payments", "/seller/payments", "you gave this refund at")
    } else {
        let text =
            format!("Your bank did not take {amount} that was to go back to your card. It is in your balance again.");
        (text, "See your balance", "/account/balance", "you have an account at")
    };
    let letter = Letter {
        reference: format!("refund-{}-failed-{}", refund.id.uuid().simple(), who.id.uuid().simple()),
        to: who.email.clone(),
        subject: "A refund did not arrive".to_owned(),
        preview: format!("{amount} came back from the bank."),
        title: "A refund did not arrive".to_owned(),
        blocks: vec![
            Block::Paragraph(named(who.name.as_deref())),
            Block::Paragraph(text),
            Block::Button { label: label.to_owned(), url: format!("{}{path}", shop.public_url) },
        ],
        reason: format!("You get this mail because {reason} {}.", shop.shop_name),
    };
    letter.write(shop)
}
