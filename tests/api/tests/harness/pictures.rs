//! Pictures as sellers hand them in, and as enemies do.

use super::actor::Actor;
use super::answer::Answer;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use std::io::Cursor;

/// A picture of this size, written in this way.
pub fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let drawn = RgbImage::from_fn(width, height, |x, y| {
        let part = |at: u32, of: u32| u8::try_from(at * 255 / of.max(1)).expect("a part of 255");
        Rgb([part(x, width), part(y, height), 90])
    });
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(drawn).write_to(&mut bytes, format).expect("a picture");
    bytes.into_inner()
}

/// A PNG of a few bytes that says it is this large.
pub fn bomb(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = picture(2, 2, ImageFormat::Png);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = checksum(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}

/// Of a PNG's chunk.
fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 })
    })
}

/// A form with a file of this name, and words about it.
pub fn form(line: &str, name: &str, file: &[u8], alt: &str) -> Vec<u8> {
    let mut form = format!(
        "--{line}\r\nContent-Disposition: form-data; name=\"alt\"\r\n\r\n{alt}\r\n--{line}\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: image/jpeg\r\n\r\n"
    )
    .into_bytes();
    form.extend(file);
    form.extend(format!("\r\n--{line}--\r\n").bytes());
    form
}

impl Actor {
    /// Uploads a file to a product.
    pub async fn uploads(&self, product: &str, name: &str, file: &[u8]) -> Answer {
        self.uploads_keyed(product, name, file, &super::unique("key"), "line").await
    }

    /// The same under a key, in a form with this line.
    pub async fn uploads_keyed(&self, product: &str, name: &str, file: &[u8], key: &str, line: &str) -> Answer {
        let media_type = format!("multipart/form-data; boundary={line}");
        let headers = [("content-type", media_type.as_str()), ("idempotency-key", key)];
        let path = format!("/api/v1/seller/products/{product}/images");
        self.ask("POST", &path, &headers, Some(form(line, name, file, "A ring on velvet"))).await
    }
}
