//! Mails about what goes back of top-ups.

use super::named;
use crate::notifications::letter::{Block, Letter, Letterhead};
use crate::notifications::ports::Mail;
use domain::identity::User;
use domain::refunds::{RefundStatus, TopUpRefund};

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

/// How a dispute of a top-up stands, to an admin.
#[must_use]
pub fn top_up_dispute(shop: &Letterhead, dispute: &TopUpRefund, customer: Option<&User>, admin: &User) -> Mail {
    let TopUpRefund { amount, taken, .. } = dispute;
    let who = customer.map_or_else(|| "A customer who has left".to_owned(), |customer| customer.email.to_string());
    let spent = amount.minus(*taken).unwrap_or(*amount);
    let loss =
        if spent.is_positive() { format!(" {spent} had been spent: that is the shop's loss.") } else { String::new() };
    let (stage, title, text) = match dispute.status {
        RefundStatus::Pending => (
            "opened",
            "A top-up is disputed",
            format!(
                "{who} disputes a payment into their balance at their bank, which has taken {amount} back. {taken} were taken off \
                 their balance.{loss} Answer the dispute at the payment gateway before its time is over."
            ),
        ),
        RefundStatus::Failed => (
            "won",
            "A dispute is won",
            format!("The bank has given back the {amount} that {who} had paid in. {taken} are in their balance again."),
        ),
        RefundStatus::Succeeded => {
            ("lost", "A dispute is lost", format!("The bank keeps the {amount} that {who} had paid in.{loss}"))
        }
    };
    let letter = Letter {
        reference: format!("dispute-{}-{stage}-{}", dispute.id.uuid().simple(), admin.id.uuid().simple()),
        to: admin.email.clone(),
        subject: format!("{title}: {amount}"),
        preview: text.clone(),
        title: title.to_owned(),
        blocks: vec![
            Block::Paragraph(named(admin.name.as_deref())),
            Block::Paragraph(text),
            Block::Lines(vec![format!("Gateway's id: {}", dispute.gateway_id.as_deref().unwrap_or_default())]),
        ],
        reason: format!("You get this mail because you look after {}.", shop.shop_name),
    };
    letter.write(shop)
}
