//! Mails about orders.

use super::named;
use crate::notifications::letter::{Block, Letter, Letterhead};
use crate::notifications::ports::Mail;
use domain::identity::User;
use domain::kernel::{EmailAddress, Money};
use domain::orders::{Order, OrderLine};

/// The order is paid.
#[must_use]
pub fn order_confirmation(shop: &Letterhead, order: &Order, order_url: &str) -> Mail {
    let number = &order.number.0;
    let address = &order.shipping_address;
    let town = format!("{} {}", address.postal_code, address.city);
    let (line2, region) = (address.line2.as_ref(), address.region.as_ref());
    let lines = [Some(&address.name), Some(&address.line1), line2, Some(&town), region, Some(&address.country)];
    let letter = Letter {
        reference: format!("order-{}-confirmation", order.id.uuid().simple()),
        to: order.email.clone(),
        subject: format!("Your order {number}"),
        preview: format!("It is paid, {} in all, and we are getting it ready.", order.total),
        title: "Thank you for your order".to_owned(),
        blocks: vec![
            Block::Paragraph(format!("Your order {number} is paid, and we are getting it ready.")),
            table(&order.lines, order.total),
            Block::Paragraph("We send it to:".to_owned()),
            Block::Lines(lines.into_iter().flatten().cloned().collect()),
            Block::Button { label: "Follow your order".to_owned(), url: order_url.to_owned() },
        ],
        reason: format!("You get this mail because you ordered at {}.", shop.shop_name),
    };
    letter.write(shop)
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
    let letter = Letter {
        reference: format!("order-{}-sale-{}", order.id.uuid().simple(), seller.id.uuid().simple()),
        to: EmailAddress::clone(&seller.email),
        subject: format!("Sold: order {number}"),
        preview: format!("It is paid, {total} for your pieces, and yours to send."),
        title: "You have sold something".to_owned(),
        blocks: vec![
            Block::Paragraph(named(seller.name.as_deref())),
            Block::Paragraph(format!("Order {number} is paid. These pieces are yours to send:")),
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
