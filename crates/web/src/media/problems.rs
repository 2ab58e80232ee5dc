//! What refusals of pictures mean to callers.

use crate::problem::{Problem, registry};
use application::media::pictures::PictureError;
use application::media::ports::PictureRefusal;

impl From<PictureError> for Problem {
    fn from(error: PictureError) -> Self {
        match error {
            PictureError::ProductNotFound => Self::new(&registry::PRODUCT_NOT_FOUND),
            PictureError::NotFound => Self::new(&registry::IMAGE_NOT_FOUND),
            PictureError::Full => Self::new(&registry::TOO_MANY_IMAGES),
            PictureError::Refused(PictureRefusal::UnknownType) => Self::new(&registry::IMAGE_TYPE_UNSUPPORTED),
            PictureError::Refused(PictureRefusal::TooManyPixels) => Self::new(&registry::IMAGE_TOO_LARGE),
            PictureError::Refused(PictureRefusal::Unreadable) => Self::new(&registry::IMAGE_UNREADABLE),
            PictureError::Refused(busy @ PictureRefusal::Busy) => Self::unavailable(busy, 5).that_mends_itself(),
            PictureError::Store(error) => Self::unavailable(error, 5),
            PictureError::Repository(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::ResponseError;
    use application::media::ports::StoreUnavailable;

    #[test]
    fn each_refusal_has_its_status() {
        let away = StoreUnavailable("away".into());
        for (error, status, code) in [
            (PictureError::ProductNotFound, 404, "product-not-found"),
            (PictureError::NotFound, 404, "image-not-found"),
            (PictureError::Full, 409, "too-many-images"),
            (PictureError::Refused(PictureRefusal::UnknownType), 415, "image-type-unsupported"),
            (PictureError::Refused(PictureRefusal::TooManyPixels), 422, "image-too-large"),
            (PictureError::Refused(PictureRefusal::Unreadable), 422, "image-unreadable"),
            (PictureError::Refused(PictureRefusal::Busy), 503, "service-unavailable"),
            (PictureError::Store(away), 503, "service-unavailable"),
        ] {
            let problem = Problem::from(error);
            assert_eq!((problem.status_code().as_u16(), problem.code()), (status, code));
        }
    }
}
