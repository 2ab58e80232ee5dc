//! What Stripe is told of a payment: the form of a new Checkout Session. It is made of what was written down with the order
//! and nothing else, so that a repeated request says the same, byte for byte, as its key demands.

use super::amount::{code, in_stripes_units};
use application::payments::ports::GatewayError;
use chrono::TimeDelta;
use domain::kernel::Money;
use domain::orders::{Order, OrderLine};
use domain::payments::Payment;

/// A field by its name as Stripe nests them, and its value.
pub type Field = (String, String);

/// Stripe closes a page half an hour after it was opened at the earliest, and the page can be opened for as long as there is
/// time to pay. The shop closes it before that; this is for when the shop is away.
const PAGE_OUTLIVES_RESERVATION: TimeDelta = TimeDelta::minutes(35);
/// Stripe takes no more lines than that.
const MOST_LINES: usize = 100;
/// Nor longer values in what is kept with an object, nor longer names.
const LONGEST_VALUE: usize = 500;
const LONGEST_NAME: usize = 250;

/// The form of a page for a payment.
///
/// # Errors
/// [`GatewayError::Refused`] when Stripe can't take exactly its amount.
pub fn checkout(payment: &Payment, order: Option<&Order>) -> Result<Vec<Field>, GatewayError> {
    let mut form = page(payment, order);
    if payment.is_reviewed() {
        form.push(field("payment_intent_data[capture_method]", "manual"));
    }
    let lines = match order {
        Some(order) => {
            form.extend(of_order(order));
            lines(payment, order)?
        }
        None => vec![line(TOP_UP, 1, payment.amount)?],
    };
    for (index, line) in lines.into_iter().enumerate() {
        form.extend(line.into_iter().map(|(name, value)| (format!("line_items[{index}]{name}"), value)));
    }
    Ok(form)
}

/// What a customer buys who pays into their balance.
const TOP_UP: &str = "Store balance";

/// What every page has.
fn page(payment: &Payment, order: Option<&Order>) -> Vec<Field> {
    let payment_id = payment.id.to_string();
    let end = order.map_or(payment.created_at + Payment::TIME_TO_PAY, |order| order.expires_at);
    let expires_at = (end + PAGE_OUTLIVES_RESERVATION).timestamp().to_string();
    let title = order.map_or_else(|| TOP_UP.to_owned(), title);
    [
        ("mode", "payment"),
        ("client_reference_id", &payment_id),
        ("success_url", &payment.return_urls.success),
        ("cancel_url", &payment.return_urls.cancel),
        ("expires_at", &expires_at),
        // A card, or a wallet with one: other ways to pay take days, for which no stock is kept.
        ("allowed_payment_method_types[0]", "card"),
        // What is paid is what was ordered, in its currency.
        ("adaptive_pricing[enabled]", "false"),
        ("metadata[payment_id]", &payment_id),
        // By this, events about the card payment and its charge are known as ours.
        ("payment_intent_data[metadata][payment_id]", &payment_id),
        ("payment_intent_data[description]", &title),
    ]
    .map(|(name, value)| field(name, value))
    .into()
}

fn of_order(order: &Order) -> [Field; 4] {
    let order_id = order.id.to_string();
    [
        field("customer_email", order.email.as_str()),
        field("metadata[order_id]", &order_id),
        field("metadata[order_number]", &order.number.0),
        field("payment_intent_data[metadata][order_id]", &order_id),
    ]
}

fn field(name: &str, value: &str) -> Field {
    (name.to_owned(), value.to_owned())
}

type LineField = (&'static str, String);

/// The order's lines, if they are what is paid; else one line with the amount. (What a gift card or a discount takes off can't
/// be shared among lines without inventing prices.)
fn lines(payment: &Payment, order: &Order) -> Result<Vec<Vec<LineField>>, GatewayError> {
    let sum = Money::sum(order.total.currency(), order.lines.iter().map(|line| line.total));
    if sum == Ok(payment.amount) && order.lines.len() <= MOST_LINES {
        order.lines.iter().map(line_of).collect()
    } else {
        Ok(vec![line(&title(order), 1, payment.amount)?])
    }
}

fn line_of(sold: &OrderLine) -> Result<Vec<LineField>, GatewayError> {
    let mut fields = line(&name(sold), sold.quantity, sold.unit_price)?;
    let materials = sold.materials.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let category = sold.category.as_ref().map(ToString::to_string).unwrap_or_default();
    let kept = [
        ("[price_data][product_data][metadata][seller]", sold.seller.id.to_string()),
        ("[price_data][product_data][metadata][category]", category),
        ("[price_data][product_data][metadata][material]", materials),
        ("[price_data][product_data][metadata][sku]", sold.sku.clone()),
    ];
    let kept = kept.into_iter().filter(|(_, value)| !value.is_empty()); // Stripe takes an empty value for a deletion
    fields.extend(kept.map(|(name, value)| (name, shortened(&value, LONGEST_VALUE))));
    Ok(fields)
}

fn line(name: &str, quantity: u32, price: Money) -> Result<Vec<LineField>, GatewayError> {
    Ok(vec![
        ("[quantity]", quantity.to_string()),
        ("[price_data][currency]", code(price.currency())),
        ("[price_data][unit_amount]", in_stripes_units(price)?.to_string()),
        ("[price_data][product_data][name]", shortened(name, LONGEST_NAME)),
    ])
}

/// What was sold, with what distinguishes it: "Ring (52, gold)".
fn name(sold: &OrderLine) -> String {
    let options = sold.options.values().map(String::as_str).collect::<Vec<_>>().join(", ");
    if options.is_empty() { sold.title.clone() } else { format!("{} ({options})", sold.title) }
}

fn title(order: &Order) -> String {
    format!("Order {}", order.number.0)
}

fn shortened(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::kernel::{CartId, Currency};
    use testkit::builders::{a_payment, a_seller, an_order, an_order_line, cents, id};

    fn purchase(lines: usize) -> (Order, Payment) {
        let order = an_order(CartId::new(id()), (0..lines).map(|_| an_order_line(&a_seller())).collect());
        let payment = a_payment(&order);
        (order, payment)
    }

    fn value<'a>(form: &'a [Field], name: &str) -> Option<&'a str> {
        form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    #[test]
    fn the_form_says_what_is_sold_by_whom_and_for_how_much() {
        let (order, payment) = purchase(2);
        let form = checkout(&payment, Some(&order)).unwrap();
        let (payment_id, order_id) = (payment.id.to_string(), order.id.to_string());
        let seller = order.lines[1].seller.id.to_string();
        let expires_at = (order.expires_at + TimeDelta::minutes(35)).timestamp().to_string();
        for (name, expected) in [
            ("mode", "payment"),
            ("client_reference_id", payment_id.as_str()),
            ("customer_email", "guest@example.com"),
            ("success_url", "https://shop.example/thanks"),
            ("cancel_url", "https://shop.example/cart"),
            ("expires_at", &expires_at),
            ("metadata[payment_id]", &payment_id),
            ("metadata[order_id]", &order_id),
            ("payment_intent_data[metadata][payment_id]", &payment_id),
            ("line_items[1][quantity]", "2"),
            ("line_items[1][price_data][currency]", "eur"),
            ("line_items[1][price_data][unit_amount]", "12900"),
            ("line_items[1][price_data][product_data][name]", "Ring (52)"),
            ("line_items[1][price_data][product_data][metadata][seller]", &seller),
            ("line_items[1][price_data][product_data][metadata][category]", "rings"),
            ("line_items[1][price_data][product_data][metadata][material]", "gold, silver"),
        ] {
            assert_eq!(value(&form, name), Some(expected), "{name}");
        }
        assert_eq!(value(&form, "line_items[2][quantity]"), None);
        assert_eq!(checkout(&payment, Some(&order)).unwrap(), form, "the same, however often it is made");
    }

    #[test]
    fn what_a_line_does_not_have_is_left_out() {
        let (mut order, payment) = purchase(1);
        (order.lines[0].category, order.lines[0].materials) = (None, vec![]);
        let form = checkout(&payment, Some(&order)).unwrap();
        assert!(form.iter().all(|(_, value)| !value.is_empty()), "{form:?}");
    }

    #[test]
    fn a_top_up_is_one_line_with_half_an_hour_to_pay() {
        let (_, payment) = purchase(1);
        let form = checkout(&payment, None).unwrap();
        let expires_at = (payment.created_at + TimeDelta::minutes(65)).timestamp().to_string();
        for (name, expected) in [
            ("line_items[0][price_data][product_data][name]", "Store balance"),
            ("line_items[0][price_data][unit_amount]", "25800"),
            ("payment_intent_data[description]", "Store balance"),
            ("expires_at", &expires_at),
        ] {
            assert_eq!(value(&form, name), Some(expected), "{name}");
        }
        assert!(form.iter().all(|(name, _)| !name.contains("order") && name != "customer_email"), "{form:?}");
    }

    #[test]
    fn the_money_of_a_payment_that_is_reviewed_is_only_promised() {
        use domain::payments::Review;
        let (order, payment) = purchase(1);
        let capture = "payment_intent_data[capture_method]";
        assert_eq!(value(&checkout(&payment, Some(&order)).unwrap(), capture), None);
        let held = Payment { review: Some(Review::open(vec!["large_amount".to_owned()])), ..payment };
        assert_eq!(value(&checkout(&held, Some(&order)).unwrap(), capture), Some("manual"));
    }

    #[test]
    fn a_payment_of_a_part_is_one_line() {
        let (order, payment) = purchase(2);
        let part = Payment { amount: cents(100), ..payment };
        let form = checkout(&part, Some(&order)).unwrap();
        assert_eq!(value(&form, "line_items[0][price_data][unit_amount]"), Some("100"));
        assert_eq!(value(&form, "line_items[0][quantity]"), Some("1"));
        assert_eq!(value(&form, "line_items[1][quantity]"), None);
    }

    #[test]
    fn more_lines_than_stripe_takes_become_one() {
        let (order, payment) = purchase(101);
        let form = checkout(&payment, Some(&order)).unwrap();
        let amount = payment.amount.amount().to_string();
        assert_eq!(value(&form, "line_items[0][price_data][unit_amount]"), Some(amount.as_str()));
        assert_eq!(value(&form, "line_items[1][quantity]"), None);
    }

    #[test]
    fn an_amount_that_stripe_cannot_take_is_refused_before_it_is_asked() {
        let (order, payment) = purchase(1);
        let odd = Payment { amount: Money::new(5_124, Currency::parse("KWD").unwrap()), ..payment };
        assert!(matches!(checkout(&odd, Some(&order)), Err(GatewayError::Refused(_))));
    }
}
