//! Mails about orders.

use super::named;
use crate::notifications::letter::{Block, Letter, Letterhead};
use crate::notifications::ports::Mail;
use domain::identity::User;
use domain::kernel::{EmailAddress, Money};
use domain::orders::{Order, OrderLine, ShippingAddress, Tender, TenderSource};

/// The order is paid.
#[must_use]
pub fn order_confirmation(shop: &Letterhead, order: &Order, order_url: &str) -> Mail {
    let number = &order.number.0;
    let what_now = match order.shipping_address {
        Some(_) => "we are getting it ready",
        None => "we mail what you bought to whom it is for",
    };
    let mut blocks = vec![
        Block::Paragraph(format!("Your order {number} is paid, and {what_now}.")),
        table(&order.lines, order.total),
    ];
    if !order.tenders.is_empty() {
        blocks.push(Block::Paragraph("You paid:".to_owned()));
        blocks.push(Block::Lines(paid_by(order)));
    }
    if let Some(address) = &order.shipping_address {
        blocks.push(Block::Paragraph("We send it to:".to_owned()));
        blocks.push(Block::Lines(lines_of(address)));
    }
    blocks.push(Block::Button { label: "Follow your order".to_owned(), url: order_url.to_owned() });
    let letter = Letter {
        reference: format!("order-{}-confirmation", order.id.uuid().simple()),
        to: order.email.clone(),
        subject: format!("Your order {number}"),
        preview: format!("It is paid, {} in all, and {what_now}.", order.total),
        title: "Thank you for your order".to_owned(),
        blocks,
        reason: format!("You get this mail because you ordered at {}.", shop.shop_name),
    };
    letter.write(shop)
}

fn lines_of(address: &ShippingAddress) -> Vec<String> {
    let town = format!("{} {}", address.postal_code, address.city);
    let (line2, region) = (address.line2.as_ref(), address.region.as_ref());
    let lines = [Some(&address.name), Some(&address.line1), line2, Some(&town), region, Some(&address.country)];
    lines.into_iter().flatten().cloned().collect()
}

/// With what it was paid, in that order.
fn paid_by(order: &Order) -> Vec<String> {
    let taken = |tender: &Tender| match &tender.source {
        TenderSource::GiftCard { last4, .. } => format!("{} with the gift card that ends with {last4}", tender.amount),
        TenderSource::Balance(_) => format!("{} from your balance", tender.amount),
    };
    let by_card = order.by_card().ok().filter(|rest| rest.is_positive()).map(|rest| format!("{rest} by card"));
    order.tenders.iter().map(taken).chain(by_card).collect()
}

/// A seller has sold something.
#[must_use]
pub fn sale_notice(
    shop: &Letterhead,
    order: &Order,
    seller: &User,
    lines: &[OrderLine],
    total: Money,
    url: &str,
) -> Mail {
    let number = &order.number.0;
    let (preview, what_now) = if lines.iter().any(OrderLine::is_shipped) {
        (format!("It is paid, {total} for your pieces, and yours to send."), "These pieces are yours to send:")
    } else {
        (format!("It is paid, {total} for your gift cards."), "There is nothing to send: we mail these gift cards.")
    };
    let letter = Letter {
        reference: format!("order-{}-sale-{}", order.id.uuid().simple(), seller.id.uuid().simple()),
        to: EmailAddress::clone(&seller.email),
        subject: format!("Sold: order {number}"),
        preview,
        title: "You have sold something".to_owned(),
        blocks: vec![
            Block::Paragraph(named(seller.name.as_deref())),
            Block::Paragraph(format!("Order {number} is paid. {what_now}")),
            table(lines, total),
            Block::Button { label: "Open the order".to_owned(), url: url.to_owned() },
        ],
        reason: format!("You get this mail because you sell at {}.", shop.shop_name),
    };
    letter.write(shop)
}

fn table(lines: &[OrderLine], total: Money) -> Block {
    let row =
        |line: &OrderLine| (format!("{} × {}{}", line.quantity, line.title, options(line)), line.total.to_string());
    Block::Table { rows: lines.iter().map(row).collect(), total: ("Total".to_owned(), total.to_string()) }
}

fn options(line: &OrderLine) -> String {
    let all: Vec<String> = line.options.iter().map(|(name, value)| format!("{name} {value}")).collect();
    if all.is_empty() { String::new() } else { format!(" ({})", all.join(", ")) }
}
