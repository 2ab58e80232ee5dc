//! What the use cases of payouts refuse, as problems.

use crate::problem::{Problem, registry};
use crate::wire::Money;
use application::payouts::pay_out::PayOutError;
use domain::payouts::PayoutRefusal;

impl From<PayOutError> for Problem {
    fn from(error: PayOutError) -> Self {
        match error {
            PayOutError::SellerNotFound => Self::new(&registry::SELLER_NOT_FOUND),
            PayOutError::NotFound => Self::new(&registry::PAYOUT_NOT_FOUND),
            PayOutError::Refused(PayoutRefusal::MoreThanOwed(owed)) => {
                Self::new(&registry::PAYOUT_TOO_LARGE).with("owed", Money::from(owed))
            }
            PayOutError::Refused(PayoutRefusal::Nothing) => {
                Self::invalid_field("/amount/amount", "out-of-range", "must be more than nothing")
            }
            PayOutError::Repository(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::ResponseError;
    use domain::kernel::Currency;

    #[test]
    fn each_refusal_has_its_status() {
        let owed = PayoutRefusal::MoreThanOwed(domain::kernel::Money::new(5, Currency::EUR));
        let cases = [
            (PayOutError::SellerNotFound, 404, "seller-not-found"),
            (PayOutError::NotFound, 404, "payout-not-found"),
            (PayOutError::Refused(owed), 409, "payout-too-large"),
            (PayOutError::Refused(PayoutRefusal::Nothing), 422, "validation-failed"),
        ];
        for (error, status, code) in cases {
            let problem = Problem::from(error);
            assert_eq!((problem.status_code().as_u16(), problem.code()), (status, code));
        }
    }
}
