//! Codes of authenticator apps (RFC 6238), and what people need to set their app up.

use application::identity::ports::{TotpCodes, TotpEnrolment, TotpFailed};
use chrono::{DateTime, Utc};
use domain::identity::{TotpSecret, TotpStep};
use domain::kernel::EmailAddress;
use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write;
use totp_rs::{Builder, Secret, Totp};

/// SHA-1, six digits, thirty seconds and one step either way: what every authenticator app can do.
pub struct Rfc6238Codes {
    issuer: String,
}

impl Rfc6238Codes {
    /// Codes for this shop, as its name stands in the app.
    #[must_use]
    pub fn new(shop_name: &str) -> Self {
        // The colon parts issuer and account in the address that the app reads.
        Self { issuer: shop_name.replace(':', " ") }
    }

    fn totp(&self, secret: &TotpSecret, account: &str) -> Result<Totp, TotpFailed> {
        let builder = Builder::new().with_secret(Secret::from(*secret.expose())).with_skew(1);
        let named = builder.with_issuer(Some(self.issuer.as_str())).with_account_name(account);
        named.build().map_err(failed)
    }
}

impl TotpCodes for Rfc6238Codes {
    fn enrolment(&self, secret: &TotpSecret, account: &EmailAddress) -> Result<TotpEnrolment, TotpFailed> {
        let totp = self.totp(secret, account.as_str())?;
        let uri = totp.to_url().map_err(failed)?;
        Ok(TotpEnrolment { secret: totp.secret().to_base32(), qr_svg: qr_svg(&uri)?, uri })
    }

    fn step(&self, secret: &TotpSecret, code: &str, now: DateTime<Utc>) -> Result<Option<TotpStep>, TotpFailed> {
        let seconds = u64::try_from(now.timestamp()).map_err(failed)?;
        let step = self.totp(secret, "")?.check(code, seconds);
        step.map(|step| i64::try_from(step).map(TotpStep).map_err(failed)).transpose()
    }
}

fn failed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> TotpFailed {
    TotpFailed(error.into())
}

/// The text as a QR code: black on white in every theme, since cameras want it so, with the quiet zone of four modules.
fn qr_svg(text: &str) -> Result<String, TotpFailed> {
    const QUIET: i32 = 4;
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(failed)?;
    let mut dark = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            write!(dark, "M{} {}h1v1h-1z", x + QUIET, y + QUIET).map_err(failed)?;
        }
    }
    let side = code.size() + 2 * QUIET;
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{dark}\" fill=\"#000\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238, appendix B.
    fn secret() -> TotpSecret {
        TotpSecret::new(*b"12345678901234567890")
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn codes() -> Rfc6238Codes {
        Rfc6238Codes::new("Carat: fine jewellery")
    }

    fn step(code: &str, seconds: i64) -> Option<i64> {
        codes().step(&secret(), code, at(seconds)).unwrap().map(|step| step.0)
    }

    #[test]
    fn the_codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, SHA-1, cut to six digits.
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(step(code, seconds), Some(seconds / 30), "{seconds}");
        }
    }

    #[test]
    fn a_clock_may_differ_by_one_step_and_no_more() {
        let code = "287082"; // of step 1, which is 30 to 59
        for (seconds, expected) in [(0, Some(1)), (30, Some(1)), (89, Some(1)), (90, None), (600, None)] {
            assert_eq!(step(code, seconds), expected, "{seconds}");
        }
    }

    #[test]
    fn what_is_no_code_is_of_no_step() {
        for code in ["", "28708", "2870820", "28708x", "287083", "-87082"] {
            assert_eq!(step(code, 59), None, "{code}");
        }
    }

    #[test]
    fn an_app_is_told_shop_account_and_secret() {
        let enrolment = codes().enrolment(&secret(), &EmailAddress::parse("ada+1@example.com").unwrap()).unwrap();
        assert_eq!(enrolment.secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let uri = url::Url::parse(&enrolment.uri).unwrap();
        assert_eq!((uri.scheme(), uri.host_str()), ("otpauth", Some("totp")));
        assert_eq!(uri.path(), "/Carat%20%20fine%20jewellery:ada%2B1%40example.com");
        let asked: Vec<_> = uri.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        assert!(asked.contains(&("secret".to_owned(), enrolment.secret.clone())), "{asked:?}");
        assert!(asked.contains(&("issuer".to_owned(), "Carat  fine jewellery".to_owned())), "{asked:?}");
    }

    #[test]
    fn the_picture_is_a_plain_svg_with_a_quiet_zone() {
        let enrolment = codes().enrolment(&secret(), &EmailAddress::parse("ada@example.com").unwrap()).unwrap();
        let svg = enrolment.qr_svg;
        assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 "), "{svg}");
        assert!(svg.ends_with("</svg>") && svg.contains("d=\"M4 4h1v1h-1z"), "the finder pattern begins at 4, 4");
        assert!(!svg.contains("<script") && !svg.contains("href"));
    }
}
