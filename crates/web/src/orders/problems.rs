//! What refusals of orders mean to callers.

use crate::problem::{Problem, registry};
use application::orders::view::ViewOrderError;

impl From<ViewOrderError> for Problem {
    fn from(error: ViewOrderError) -> Self {
        match error {
            ViewOrderError::NotFound => Self::new(&registry::ORDER_NOT_FOUND),
            ViewOrderError::Inconsistent(_) => Self::internal(error),
            ViewOrderError::Repository(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::ResponseError;
    use domain::kernel::MoneyError;

    #[test]
    fn each_refusal_has_its_status() {
        let cases = [
            (Problem::from(ViewOrderError::NotFound), 404, "order-not-found"),
            (ViewOrderError::Inconsistent(MoneyError::Overflow).into(), 500, "internal-error"),
        ];
        for (problem, status, code) in cases {
            assert_eq!((problem.status_code().as_u16(), problem.code()), (status, code));
        }
    }
}
