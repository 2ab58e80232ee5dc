//! Mails about money that goes back, and money that sellers are sent.

use super::named;
use crate::notifications::letter::{Block, Letter, Letterhead};
use crate::notifications::ports::Mail;
use domain::identity::User;
use domain::kernel::Money;
use domain::orders::Order;
use domain::payouts::Payout;
use domain::refunds::{Refund, RefundPart, RefundStatus, RefundTender, TenderKind};

/// Money goes back to a customer.
#[must_use]
pub fn refunded(shop: &Letterhead, order: &Order, refund: &Refund, order_url: &str) -> Mail {
    let (number, amount) = (&order.number.0, refund.amount);
    let mut blocks = vec![
        Block::Paragraph(format!("{amount} of your order {number} goes back to you.")),
        Block::Table { rows: refund.parts.iter().map(|part| row(order, part)).collect(), total: total(amount) },
        Block::Lines(refund.to.iter().map(|tender| to(order, tender)).collect()),
    ];
    if refund.card_part().is_positive() {
        blocks.push(Block::Paragraph("It takes a bank up to ten days to show what goes back to a card.".to_owned()));
    }
    blocks.push(Block::Button { label: "See your order".to_owned(), url: order_url.to_owned() });
    let letter = Letter {
        reference: format!("refund-{}", refund.id.uuid().simple()),
        to: order.email.clone(),
        subject: format!("Your refund for order {number}"),
        preview: format!("{amount} goes back to you."),
        title: "Your refund".to_owned(),
        blocks,
        reason: format!("You get this mail because you ordered at {}.", shop.shop_name),
    };
    letter.write(shop)
}

/// A refund did not arrive.
#[must_use]
pub fn refund_failed(shop: &Letterhead, order: &Order, refund: &Refund, who: &User, url: &str) -> Mail {
    let (number, card) = (&order.number.0, refund.card_part());
    let letter = Letter {
        reference: format!("refund-{}-failed", refund.id.uuid().simple()),
        to: who.email.clone(),
        subject: format!("A refund for order {number} did not arrive"),
        preview: format!("{card} came back from the customer's bank."),
        title: "A refund did not arrive".to_owned(),
        blocks: vec![
            Block::Paragraph(named(who.name.as_deref())),
            Block::Paragraph(format!(
                "The customer's bank did not take {card} that you gave back for order {number}. The money is yours again. \
                 Ask the customer how else they can be paid back."
            )),
            Block::Button { label: "See the order".to_owned(), url: url.to_owned() },
        ],
        reason: format!("You get this mail because you gave this refund at {}.", shop.shop_name),
    };
    letter.write(shop)
}

/// How a dispute stands, to an admin.
#[must_use]
pub fn dispute(shop: &Letterhead, order: &Order, dispute: &Refund, admin: &User) -> Mail {
    let number = &order.number.0;
    let amount = dispute.amount.plus(dispute.excess).unwrap_or(dispute.amount);
    let (stage, title, text) = match dispute.status {
        RefundStatus::Pending => (
            "opened",
            "A payment is disputed",
            format!(
                "The customer of order {number} disputes its payment at their bank, which has taken {amount} back. Answer the \
                 dispute at the payment gateway before its time is over; until then the order can't be refunded."
            ),
        ),
        RefundStatus::Failed => {
            ("won", "A dispute is won", format!("The bank has given back the {amount} of order {number}."))
        }
        RefundStatus::Succeeded => {
            ("lost", "A dispute is lost", format!("The bank keeps the {amount} of order {number}."))
        }
    };
    let bought = order.lines.iter().any(|line| line.gift.is_some());
    let text = match (bought, dispute.status) {
        (false, _) => text,
        (true, RefundStatus::Pending) => {
            format!("{text} The gift cards that it bought are disabled until the dispute is won.")
        }
        (true, RefundStatus::Failed) => format!("{text} The gift cards that it bought can be used again."),
        (true, RefundStatus::Succeeded) => format!("{text} The gift cards that it bought stay disabled."),
    };
    let letter = Letter {
        reference: format!("dispute-{}-{stage}-{}", dispute.id.uuid().simple(), admin.id.uuid().simple()),
        to: admin.email.clone(),
        subject: format!("{title}: order {number}"),
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

/// A seller was sent money, or it came back.
#[must_use]
pub fn payout(shop: &Letterhead, payout: &Payout, seller: &User, failed: bool) -> Mail {
    let amount = payout.amount;
    let (stage, title, text) = if failed {
        let text = format!(
            "{amount} that we sent you came back to us. We owe it to you again; please check your bank account."
        );
        ("failed", "A payout came back", text)
    } else {
        ("made", "A payout is on its way", format!("We have sent you {amount} of what you earned."))
    };
    let reference = payout.reference.as_ref().map(|text| format!("Reference: {text}"));
    let url = format!("{}/seller/statement", shop.public_url);
    let mut blocks = vec![Block::Paragraph(named(seller.name.as_deref())), Block::Paragraph(text.clone())];
    blocks.extend(reference.map(|line| Block::Lines(vec![line])));
    blocks.push(Block::Button { label: "See your statement".to_owned(), url });
    let letter = Letter {
        reference: format!("payout-{}-{stage}", payout.id.uuid().simple()),
        to: seller.email.clone(),
        subject: format!("{title}: {amount}"),
        preview: text,
        title: title.to_owned(),
        blocks,
        reason: format!("You get this mail because you sell at {}.", shop.shop_name),
    };
    letter.write(shop)
}

fn row(order: &Order, part: &RefundPart) -> (String, String) {
    let line = order.lines.iter().find(|line| Some(line.id) == part.line);
    let what = match (line, part.quantity) {
        (None, _) => "Delivery".to_owned(),
        (Some(line), 0) => line.title.clone(),
        (Some(line), quantity) => format!("{quantity} × {}", line.title),
    };
    (what, part.amount.to_string())
}

fn total(amount: Money) -> (String, String) {
    ("Total".to_owned(), amount.to_string())
}

fn to(order: &Order, tender: &RefundTender) -> String {
    let amount = tender.amount;
    match tender.kind {
        TenderKind::Card => format!("{amount} to your card"),
        TenderKind::GiftCard(id) => match order.last4_of(id) {
            Some(last4) => format!("{amount} to your gift card ending in {last4}"),
            None => format!("{amount} to your gift card"),
        },
        TenderKind::Balance(_) => format!("{amount} to your store balance"),
    }
}
