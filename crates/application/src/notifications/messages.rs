//! The words of each mail, as text and as HTML in one look. Whatever people wrote is escaped.

use super::ports::Mail;
use domain::identity::User;
use domain::kernel::{EmailAddress, Money};
use domain::orders::{Order, OrderLine};

/// The code that proves an address.
#[must_use]
pub fn verification_code(shop: &str, user: &User, code: &str) -> Mail {
    let hello = greeting(user.name.as_deref());
    let text = format!(
        "{hello}\n\nYour code is {code}\n\nIt is good for 15 minutes. If you did not ask for it, you can ignore this \
         mail.\n\n{shop}\n"
    );
    let body = format!(
        "<p>{}</p><p>Enter this code to confirm your e-mail address:</p>\
         <p style=\"font-size:32px;letter-spacing:8px;font-family:monospace;margin:24px 0\">{code}</p>\
         <p>It is good for 15 minutes. If you did not ask for it, you can ignore this mail.</p>",
        escape(&hello)
    );
    Mail {
        reference: format!("verification-{}-{code}", user.id.uuid().simple()),
        to: user.email.clone(),
        subject: format!("{code} is your {shop} code"),
        text,
        html: page(shop, "Confirm your e-mail address", &body),
    }
}

/// The order is paid.
#[must_use]
pub fn order_confirmation(shop: &str, order: &Order, order_url: &str) -> Mail {
    let number = &order.number.0;
    let address = &order.shipping_address;
    let to = [&address.name, &address.line1, &format!("{} {}", address.postal_code, address.city), &address.country];
    let to = to.map(String::as_str).join("\n");
    let text = format!(
        "Thank you for your order {number}.\n\n{}\nTotal: {}\n\nWe send it to:\n{to}\n\nFollow it here: {order_url}\n\n\
         {shop}\n",
        lines_as_text(&order.lines),
        order.total
    );
    let body = format!(
        "<p>Thank you. Your order <strong>{number}</strong> is paid, and we are getting it ready.</p>{}\
         <p style=\"margin-top:24px\">We send it to:<br>{}</p>\
         <p style=\"margin-top:24px\"><a href=\"{}\" style=\"color:#1d4a3d\">Follow your order</a></p>",
        lines_as_html(&order.lines, order.total),
        escape(&to).replace('\n', "<br>"),
        escape(order_url),
    );
    Mail {
        reference: format!("order-{}-confirmation", order.id.uuid().simple()),
        to: order.email.clone(),
        subject: format!("Your order {number}"),
        text,
        html: page(shop, "Thank you for your order", &body),
    }
}

/// A seller has sold something.
#[must_use]
pub fn sale_notice(shop: &str, order: &Order, seller: &User, lines: &[OrderLine], total: Money, url: &str) -> Mail {
    let number = &order.number.0;
    let text = format!(
        "You have sold something: order {number}.\n\n{}\nTotal: {total}\n\nSee it here: {url}\n\n{shop}\n",
        lines_as_text(lines)
    );
    let body = format!(
        "<p>Order <strong>{number}</strong> is paid. These pieces are yours to send:</p>{}\
         <p style=\"margin-top:24px\"><a href=\"{}\" style=\"color:#1d4a3d\">Open the order</a></p>",
        lines_as_html(lines, total),
        escape(url)
    );
    Mail {
        reference: format!("order-{}-sale-{}", order.id.uuid().simple(), seller.id.uuid().simple()),
        to: EmailAddress::clone(&seller.email),
        subject: format!("Sold: order {number}"),
        text,
        html: page(shop, "You have sold something", &body),
    }
}

fn greeting(name: Option<&str>) -> String {
    name.map_or_else(|| "Hello,".to_owned(), |name| format!("Hello {name},"))
}

fn lines_as_text(lines: &[OrderLine]) -> String {
    lines.iter().map(|line| format!("{} x {}{}  {}\n", line.quantity, line.title, options(line), line.total)).collect()
}

fn lines_as_html(lines: &[OrderLine], total: Money) -> String {
    let cell = "padding:8px 0;border-bottom:1px solid #e6ded3";
    let row = |line: &OrderLine| {
        let what = escape(&format!("{}{}", line.title, options(line)));
        format!(
            "<tr><td style=\"{cell}\">{} &times; {what}</td><td align=\"right\" style=\"{cell}\">{}</td></tr>",
            line.quantity, line.total
        )
    };
    let rows: String = lines.iter().map(row).collect();
    format!(
        "<table width=\"100%\" cellspacing=\"0\">{rows}<tr><td style=\"padding:12px 0\"><strong>Total</strong></td>\
         <td align=\"right\"><strong>{total}</strong></td></tr></table>"
    )
}

fn options(line: &OrderLine) -> String {
    let all: Vec<String> = line.options.iter().map(|(name, value)| format!("{name} {value}")).collect();
    if all.is_empty() { String::new() } else { format!(" ({})", all.join(", ")) }
}

/// The one look of all mails: styles stand in the elements, since mail programs drop style sheets.
fn page(shop: &str, title: &str, body: &str) -> String {
    let (shop, title) = (escape(shop), escape(title));
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title></head>\
         <body style=\"margin:0;background:#f6f1ea;color:#1d1a17;font-family:Georgia,serif;line-height:1.5\">\
         <div style=\"max-width:560px;margin:0 auto;padding:32px 24px\">\
         <p style=\"letter-spacing:4px;text-transform:uppercase;font-size:13px\">{shop}</p>\
         <div style=\"background:#fffdfa;padding:32px;border:1px solid #e6ded3\">\
         <h1 style=\"font-weight:normal;font-size:24px;margin:0 0 16px\">{title}</h1>{body}</div></div></body></html>"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_cannot_become_html() {
        assert_eq!(escape(r#"<b a="x">&"#), "&lt;b a=&quot;x&quot;&gt;&amp;");
    }
}
