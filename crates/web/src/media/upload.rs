//! A picture in a form (multipart/form-data): the field `file`, and `alt` if there is something to say.

use crate::extract::text;
use crate::middleware::body;
use crate::problem::{FieldError, Problem, registry};
use crate::settings::Settings;
use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use domain::catalog::Picture;
use futures_util::TryStreamExt;
use std::future::Future;
use std::pin::Pin;

/// What was handed in.
#[derive(Debug)]
pub struct PictureUpload {
    /// The bytes of the file.
    pub file: Vec<u8>,
    /// What it shows; may be empty.
    pub alt: String,
}

/// Fields of words have no more bytes.
const WORDS: usize = 4 * 1024;

impl FromRequest for PictureUpload {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            if !is_form(&request) {
                let told = Problem::new(&registry::UNSUPPORTED_MEDIA_TYPE);
                return Err(told.detail("Send a form (multipart/form-data) with the picture in its field \"file\"."));
            }
            let limit = request.app_data::<Data<Settings>>().map_or(0, |settings| settings.upload_limit);
            read(Multipart::new(request.headers(), payload), limit).await
        })
    }
}

fn is_form(request: &HttpRequest) -> bool {
    let header = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = header.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("multipart/form-data")
}

async fn read(mut form: Multipart, limit: usize) -> Result<PictureUpload, Problem> {
    let (mut file, mut alt, mut faults) = (None, None, Vec::new());
    while let Some(mut field) = form.try_next().await.map_err(refused)? {
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "file" if file.is_none() => file = Some(bytes(&mut field, limit).await?),
            "alt" if alt.is_none() => alt = Some(bytes(&mut field, WORDS).await?),
            _ => {
                faults.push(FieldError::new(
                    format!("/{name}"),
                    "unknown",
                    "is no field of this form, or stands twice",
                ));
                while field.try_next().await.map_err(refused)?.is_some() {}
            }
        }
    }
    let file = file.unwrap_or_default();
    if file.is_empty() {
        faults.push(FieldError::new("/file", "required", "must be a picture"));
    }
    let alt = String::from_utf8(alt.unwrap_or_default()).map_or_else(|_| Err("must be UTF-8"), |alt| fitting(&alt));
    match alt {
        Ok(alt) if faults.is_empty() => Ok(PictureUpload { file, alt }),
        Ok(_) => Err(Problem::invalid(faults)),
        Err(message) => {
            faults.push(FieldError::new("/alt", "invalid", message));
            Err(Problem::invalid(faults))
        }
    }
}

fn fitting(alt: &str) -> Result<String, &'static str> {
    let alt = alt.trim().to_owned();
    if alt.chars().count() > Picture::LONGEST_ALT {
        return Err("must have 300 characters at the most");
    }
    if text::one_line(&alt).is_err() { Err("must be one line of letters that can be seen") } else { Ok(alt) }
}

async fn bytes(field: &mut Field, limit: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.try_next().await.map_err(refused)? {
        if bytes.len() + chunk.len() > limit {
            return Err(Problem::new(&registry::BODY_TOO_LARGE));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn refused(error: MultipartError) -> Problem {
    match error {
        MultipartError::Payload(error) => body::refused(error),
        error => Problem::new(&registry::BAD_REQUEST).detail(format!("The form can't be read: {error}.")),
    }
}
