//! Query parameters that obey their rules. All faults are told at once; parameters that nobody asks for are left alone,
//! since addresses travel through hands that add their own.

use super::text;
use crate::problem::{FieldError, Problem};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use std::future::{Ready, ready};
use std::str::FromStr;

/// The longest text that a parameter may be, in bytes.
const LONGEST: usize = 2048;

/// A query that obeys the rules of `T`.
#[derive(Debug)]
pub struct ValidQuery<T>(pub T);

/// Reads itself from a query.
pub trait FromQuery: Sized {
    /// Takes what it needs and notes what is wrong.
    fn read(query: &mut QueryReader) -> Self;
}

/// The parameters, and what was found wrong with them.
#[derive(Debug)]
pub struct QueryReader {
    pairs: Vec<(String, String)>,
    faults: Vec<FieldError>,
}

impl QueryReader {
    /// Takes a query apart.
    #[must_use]
    pub fn new(query: &str) -> Self {
        let pairs = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Self { pairs, faults: Vec::new() }
    }

    /// Notes what is wrong with a parameter.
    pub fn fault(&mut self, name: &str, code: &str, message: &str) {
        self.faults.push(FieldError::new(format!("/{name}"), code, message));
    }

    /// A parameter's text, trimmed; `None` when it is not there or empty. Of several the last counts.
    pub fn text(&mut self, name: &str) -> Option<String> {
        self.many(name).pop()
    }

    /// The texts of a parameter that may repeat.
    pub fn many(&mut self, name: &str) -> Vec<String> {
        let given = self.pairs.iter().filter(|(given, _)| given == name).map(|(_, text)| text.trim().to_owned());
        let (good, bad): (Vec<_>, Vec<_>) = given
            .filter(|text| !text.is_empty())
            .partition(|text| text.len() <= LONGEST && text::one_line(text).is_ok());
        if !bad.is_empty() {
            self.fault(name, "text", "is too long, or has a character that can't be seen");
        }
        good
    }

    /// A parameter that is a number.
    pub fn number<T: FromStr>(&mut self, name: &str) -> Option<T> {
        self.parsed(name, "number", "is no number, or out of range", |text| text.parse().ok())
    }

    /// A parameter that is `true` or `false`.
    pub fn flag(&mut self, name: &str) -> Option<bool> {
        self.parsed(name, "boolean", "must be true or false", |text| text.parse().ok())
    }

    /// A parameter with a form of its own.
    pub fn parsed<T>(&mut self, name: &str, code: &str, message: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.text(name)?;
        let parsed = parse(&text);
        if parsed.is_none() {
            self.fault(name, code, message);
        }
        parsed
    }

    /// The same for one that may repeat.
    pub fn all_parsed<T>(
        &mut self,
        name: &str,
        code: &str,
        message: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Vec<T> {
        let texts = self.many(name);
        let parsed: Vec<T> = texts.iter().filter_map(|text| parse(text)).collect();
        if parsed.len() < texts.len() {
            self.fault(name, code, message);
        }
        parsed
    }

    /// What was found wrong.
    #[must_use]
    pub fn into_faults(self) -> Vec<FieldError> {
        self.faults
    }
}

impl<T: FromQuery> FromRequest for ValidQuery<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut query = QueryReader::new(request.query_string());
        let read = T::read(&mut query);
        let faults = query.into_faults();
        ready(if faults.is_empty() { Ok(Self(read)) } else { Err(Problem::invalid(faults)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_may_repeat_where_it_may() {
        let mut query = QueryReader::new("material=gold&material=+silver&q=&q=a%20b");
        assert_eq!(query.many("material"), ["gold", "silver"]);
        assert_eq!(query.text("q").as_deref(), Some("a b"));
        assert_eq!(query.text("none"), None);
        assert!(query.into_faults().is_empty());
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let mut query = QueryReader::new("price_min=x&in_stock=maybe&q=a%00b");
        query.number::<i64>("price_min");
        query.flag("in_stock");
        query.text("q");
        let pointers: Vec<_> = query.into_faults().into_iter().map(|fault| fault.pointer).collect();
        assert_eq!(pointers, ["/price_min", "/in_stock", "/q"]);
    }
}
