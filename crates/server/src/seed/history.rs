//! A year of paid orders, so that lists and statistics have something to show: more towards Christmas, and on weekends.

use super::catalogue::{Made, millis};
use super::draw::{Draw, id, id_at};
use super::{CUSTOMER, SeedError, user_id};
use application::checkout::bookkeeping;
use application::ledger::ports::PostError;
use application::system::order_number;
use application::unit_of_work::UnitOfWork;
use chrono::{DateTime, Datelike, TimeDelta, Utc, Weekday};
use domain::cart::Cart;
use domain::kernel::{CartId, CartLineId, Currency, EmailAddress, OrderId, OrderLineId, PaymentId};
use domain::ledger::FeeRate;
use domain::orders::{NewOrder, Order, OrderLine, SellerSnapshot, ShippingAddress};
use domain::payments::{GatewayVerdict, HostedSession, Payment, Purpose, ReturnUrls};

/// One order in so many is the demo customer's own; the others are guests'.
const OWN: u64 = 45;
/// So many days of orders.
const DAYS: u64 = 365;

const PLACES: [(&str, &str, &str, &str); 8] = [
    ("Élise Marchand", "12 rue des Tanneurs", "44000 Nantes", "FR"),
    ("Jonas Weber", "Lindenstraße 8", "50674 Köln", "DE"),
    ("Sofia Rossi", "Via dei Mille 21", "10123 Torino", "IT"),
    ("Hanne Visser", "Oudegracht 114", "3511 Utrecht", "NL"),
    ("Carmen Ibáñez", "Calle Mayor 5", "50001 Zaragoza", "ES"),
    ("Aoife Byrne", "14 Shop Street", "H91 Galway", "IE"),
    ("Mikael Lund", "Storgatan 31", "90326 Umeå", "SE"),
    ("Marta Kowalska", "ul. Floriańska 7", "31019 Kraków", "PL"),
];

/// When the demo shop opened.
pub fn opening(now: DateTime<Utc>) -> DateTime<Utc> {
    now - TimeDelta::days(400)
}

/// Writes so many paid orders; answers how many.
pub async fn write(
    tx: &dyn UnitOfWork,
    made: &[Made],
    count: usize,
    fee: FeeRate,
    now: DateTime<Utc>,
) -> Result<usize, SeedError> {
    if made.is_empty() {
        return Ok(0);
    }
    let mut draw = Draw::new(7);
    let mut moments: Vec<_> = (0..count).map(|_| moment(&mut draw, now)).collect();
    moments.sort_unstable(); // orders are written as they come
    for (place, at) in moments.into_iter().enumerate() {
        write_one(tx, made, place, at, fee, &mut draw).await?;
    }
    Ok(count)
}

/// A moment of the last year; moments of busy days are kept more often.
fn moment(draw: &mut Draw, now: DateTime<Utc>) -> DateTime<Utc> {
    loop {
        let minutes = i64::try_from(draw.below(DAYS * 24 * 60)).unwrap_or_default();
        let at = now - TimeDelta::minutes(minutes + 60);
        let weekend = matches!(at.weekday(), Weekday::Sat | Weekday::Sun);
        let busy = match at.month() {
            12 => 100,
            11 => 70,
            2 | 5 => 60,
            _ => 40,
        };
        if draw.below(130) < busy + if weekend { 20 } else { 0 } {
            return at;
        }
    }
}

async fn write_one(
    tx: &dyn UnitOfWork,
    made: &[Made],
    place: usize,
    at: DateTime<Utc>,
    fee: FeeRate,
    draw: &mut Draw,
) -> Result<(), SeedError> {
    let data = |text: &str| SeedError::Data(format!("order {place}: {text}"));
    let name = place.to_string();
    let own = draw.below(OWN) == 0;
    let user_id = own.then(|| user_id(CUSTOMER));
    let (person, street, city, country) = draw.one_of(&PLACES).copied().ok_or_else(|| data("no place"))?;
    let (postal_code, city) = city.split_once(' ').ok_or_else(|| data("no postal code"))?;
    let email = if own { CUSTOMER.to_owned() } else { format!("guest-{place}@example.com") };
    let lines = lines(made, place, draw)?;

    let mut cart = Cart::open(CartId::new(id_at("cart", &name, millis(at))), user_id, Currency::EUR, at);
    for (index, line) in lines.iter().enumerate() {
        let line_id = CartLineId::new(id("cart line", &format!("{place} {index}")));
        cart.add(line_id, line.variant_id, line.quantity, at).map_err(|refusal| data(&format!("{refusal:?}")))?;
    }
    let order_id = OrderId::new(id_at("order", &name, millis(at)));
    cart.check_out(order_id, at).map_err(|refusal| data(&format!("{refusal:?}")))?;
    let mut secret = [0; 32];
    secret.iter_mut().for_each(|byte| *byte = u8::try_from(draw.below(256)).unwrap_or_default());
    let new = NewOrder {
        id: order_id,
        number: order_number(secret),
        cart_id: cart.id,
        checkout_key: format!("demo:{place}"),
        user_id,
        email: EmailAddress::parse(&email).map_err(|error| data(&error.to_string()))?,
        currency: Currency::EUR,
        lines,
        shipping_address: Some(ShippingAddress {
            name: person.to_owned(),
            line1: street.to_owned(),
            line2: None,
            city: city.to_owned(),
            postal_code: postal_code.to_owned(),
            region: None,
            country: country.to_owned(),
        }),
    };
    let mut order = Order::place(new, at).map_err(|error| data(&error.to_string()))?;
    let paid_at = at + TimeDelta::minutes(3);
    order.pay(paid_at).map_err(|refusal| data(&format!("{refusal:?}")))?;
    let urls = ReturnUrls { success: "/".to_owned(), cancel: "/".to_owned() };
    let payment_id = PaymentId::new(id_at("payment", &name, millis(at)));
    let purpose = Purpose::Order { order: order.id, customer: user_id };
    let mut payment = Payment::intend(payment_id, purpose, order.total, urls, at);
    payment.submit(HostedSession { id: format!("cs_demo_{place}"), url: "/".to_owned() }, at);
    payment.follow(GatewayVerdict::Paid, paid_at).map_err(|error| data(&error.to_string()))?;

    tx.carts().insert(&cart).await?;
    tx.orders().insert(&order).await?;
    tx.payments().insert(&payment).await?;
    let paid = bookkeeping::paid(&order, &payment).map_err(|error| data(&error.to_string()))?;
    let posting = paid.posting(fee).map_err(|error| data(&error.to_string()))?;
    match tx.ledger().post(&posting, paid_at).await {
        Ok(_) => Ok(()),
        Err(PostError::TooLittle(account)) => Err(data(&format!("there is too little in {account}"))),
        Err(PostError::Repository(error)) => Err(error.into()),
    }
}

/// One to three pieces. Cheaper ones are bought more often.
fn lines(made: &[Made], place: usize, draw: &mut Draw) -> Result<Vec<OrderLine>, SeedError> {
    let wanted = match draw.below(10) {
        0..=6 => 1,
        7..=8 => 2,
        _ => 3,
    };
    let mut lines: Vec<OrderLine> = Vec::new();
    for _ in 0..20 {
        if lines.len() == wanted {
            break;
        }
        let (first, second) = (draw.one_of(made), draw.one_of(made));
        let cheaper = draw.below(2) == 0; // otherwise the first, whatever it costs
        let choices = first.into_iter().chain(second.filter(|_| cheaper));
        let Some(one) = choices.min_by_key(|one| one.product.price.amount()) else { break };
        let Some(variant) = draw.one_of(&one.product.variants) else { continue };
        if lines.iter().any(|line| line.variant_id == variant.id) {
            continue;
        }
        let quantity = if draw.below(12) == 0 { 2 } else { 1 };
        let total = variant.price.times(quantity).map_err(|error| SeedError::Data(error.to_string()))?;
        lines.push(OrderLine {
            id: OrderLineId::new(id("order line", &format!("{place} {}", lines.len()))),
            product_id: one.product.id,
            variant_id: variant.id,
            sku: variant.sku.clone(),
            title: one.product.title.clone(),
            options: variant.options.clone(),
            quantity,
            unit_price: variant.price,
            total,
            seller: SellerSnapshot { id: one.product.seller_id, shop_name: one.shop_name.clone() },
            category: Some(one.category.clone()),
            materials: one.materials.clone(),
            gift: None,
        });
    }
    Ok(lines)
}
