//! Pictures read and drawn anew. Decoders are Rust; what they are given is bounded before they begin: bytes by the upload, pixels
//! by the file's header. One picture is drawn at a time, off the async threads, so that all of it together needs no more memory
//! than one does: about 400 MB at the worst.

use super::jpeg;
use application::media::ports::{DrawPictures, Drawn, PictureRefusal};
use async_trait::async_trait;
use domain::catalog::{Picture, PictureFormat};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, Rgb, RgbImage};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};
use std::io::Cursor;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// So many pixels are unpacked at the most.
const MOST_PIXELS: u64 = 40_000_000;
/// And so many bytes, whatever a pixel has.
const MOST_BYTES: u64 = MOST_PIXELS * 6;
/// How long somebody waits for their turn.
const PATIENCE: Duration = Duration::from_secs(20);
/// Of JPEGs that everything else is made of.
const FINE: u8 = 90;
/// Of the smaller JPEGs.
const GOOD: u8 = 80;
/// Of WebP.
const GOOD_WEBP: f32 = 80.0;

/// Draws pictures, one at a time.
pub struct Painter {
    turns: Arc<Semaphore>,
    patience: Duration,
}

impl Default for Painter {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(1)), patience: PATIENCE }
    }
}

impl Painter {
    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PictureRefusal> + Send + 'static,
    ) -> Result<T, PictureRefusal> {
        let turn = tokio::time::timeout(self.patience, Arc::clone(&self.turns).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else { return Err(PictureRefusal::Busy) };
        let done = tokio::task::spawn_blocking(move || {
            let _kept = turn; // until the work is done, even if the caller has gone
            work()
        });
        done.await.unwrap_or_else(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "a picture could not be drawn");
            Err(PictureRefusal::Unreadable)
        })
    }
}

#[async_trait]
impl DrawPictures for Painter {
    async fn largest(&self, upload: Vec<u8>) -> Result<Drawn, PictureRefusal> {
        self.in_turn(move || {
            let picture = read(&upload)?;
            drop(upload);
            let picture = within(picture, Picture::LONGEST_SIDE);
            match picture.into_drawable() {
                Drawable::Opaque(picture) => as_jpeg(&picture, FINE),
                transparent @ Drawable::Transparent(_) => as_webp(&transparent),
            }
        })
        .await
    }

    async fn smaller(&self, picture: Vec<u8>, widths: &[u32]) -> Result<Vec<Drawn>, PictureRefusal> {
        let widths = widths.to_vec();
        self.in_turn(move || sizes(&picture, &widths)).await
    }
}

/// A picture as it was decoded, with the colours that its numbers mean.
struct Read {
    picture: DynamicImage,
    profile: Option<Vec<u8>>,
}

/// A picture in the shop's colours, eight bits each.
enum Drawable {
    Opaque(RgbImage),
    Transparent(image::RgbaImage),
}

fn read(file: &[u8]) -> Result<Read, PictureRefusal> {
    let Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) = image::guess_format(file) else {
        return Err(PictureRefusal::UnknownType);
    };
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_BYTES * 2);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| refusal(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS || decoder.total_bytes() > MOST_BYTES {
        return Err(PictureRefusal::TooManyPixels);
    }
    if format == ImageFormat::Jpeg && !jpeg::is_whole(file) {
        return Err(PictureRefusal::Unreadable);
    }
    let orientation = decoder.orientation().map_err(|error| refusal(&error))?;
    let profile = decoder.icc_profile().ok().flatten();
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| refusal(&error))?;
    picture.apply_orientation(orientation);
    Ok(Read { picture, profile })
}

fn refusal(error: &ImageError) -> PictureRefusal {
    match error {
        ImageError::Limits(_) => PictureRefusal::TooManyPixels,
        _ => PictureRefusal::Unreadable,
    }
}

/// The picture, no side of it longer than this.
fn within(read: Read, longest: u32) -> Read {
    let Read { picture, profile } = read;
    let side = picture.width().max(picture.height());
    if side <= longest {
        return Read { picture, profile };
    }
    // First by averages, which needs little memory, then with care.
    let roughly = longest.saturating_mul(2);
    let picture = if side > roughly { picture.thumbnail(roughly, roughly) } else { picture };
    Read { picture: picture.resize(longest, longest, FilterType::CatmullRom), profile }
}

impl Read {
    fn into_drawable(self) -> Drawable {
        if self.picture.color().has_alpha() {
            let mut picture = self.picture.into_rgba8();
            if picture.pixels().any(|pixel| pixel.0[3] < u8::MAX) {
                in_srgb(&mut picture, self.profile.as_deref(), Layout::Rgba);
                return Drawable::Transparent(picture);
            }
            let mut picture = DynamicImage::ImageRgba8(picture).into_rgb8();
            in_srgb(&mut picture, self.profile.as_deref(), Layout::Rgb);
            return Drawable::Opaque(picture);
        }
        let mut picture = self.picture.into_rgb8();
        in_srgb(&mut picture, self.profile.as_deref(), Layout::Rgb);
        Drawable::Opaque(picture)
    }
}

/// Turns colours of a wider space, as cameras have it, into those that every screen takes a picture without a profile for. A
/// profile that can't be read, or is for something else than red, green and blue, is left aside.
fn in_srgb(picture: &mut [u8], profile: Option<&[u8]>, layout: Layout) {
    let Some(profile) = profile.and_then(|profile| ColorProfile::new_from_slice(profile).ok()) else { return };
    if profile.color_space != DataColorSpace::Rgb {
        return;
    }
    let srgb = ColorProfile::new_srgb();
    let Ok(transform) = profile.create_transform_8bit(layout, &srgb, layout, TransformOptions::default()) else {
        return;
    };
    let before = picture.to_vec();
    if transform.transform(&before, picture).is_err() {
        picture.copy_from_slice(&before);
    }
}

/// One of ours in these widths, and in its own in the format that it hasn't.
fn sizes(file: &[u8], widths: &[u32]) -> Result<Vec<Drawn>, PictureRefusal> {
    let was_jpeg = image::guess_format(file).is_ok_and(|format| format == ImageFormat::Jpeg);
    let picture = read(file)?.picture;
    let (width, height) = (picture.width(), picture.height());
    let mut drawn = Vec::new();
    for smaller in widths.iter().copied().filter(|smaller| *smaller < width) {
        let proportional = u64::from(smaller) * u64::from(height) / u64::from(width.max(1));
        let proportional = u32::try_from(proportional).unwrap_or(u32::MAX).max(1);
        let resized = picture.resize_exact(smaller, proportional, FilterType::Lanczos3);
        let resized = Read { picture: resized, profile: None }.into_drawable();
        drawn.push(as_webp(&resized)?);
        drawn.push(as_jpeg(&on_white(resized), GOOD)?);
    }
    let whole = Read { picture, profile: None }.into_drawable();
    drawn.push(if was_jpeg { as_webp(&whole)? } else { as_jpeg(&on_white(whole), GOOD)? });
    Ok(drawn)
}

fn as_jpeg(picture: &RgbImage, quality: u8) -> Result<Drawn, PictureRefusal> {
    let mut bytes = Vec::new();
    let written = JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(picture);
    written.map_err(|error| refusal(&error))?;
    let (width, height) = picture.dimensions();
    Ok(Drawn { format: PictureFormat::Jpeg, width, height, bytes })
}

fn as_webp(picture: &Drawable) -> Result<Drawn, PictureRefusal> {
    let (encoder, (width, height)) = match picture {
        Drawable::Opaque(picture) => {
            (webp::Encoder::from_rgb(picture, picture.width(), picture.height()), picture.dimensions())
        }
        Drawable::Transparent(picture) => {
            (webp::Encoder::from_rgba(picture, picture.width(), picture.height()), picture.dimensions())
        }
    };
    let written = encoder.encode_simple(false, GOOD_WEBP).map_err(|_| PictureRefusal::Unreadable)?;
    Ok(Drawn { format: PictureFormat::Webp, width, height, bytes: written.to_vec() })
}

/// What a JPEG shows of it, which knows nothing transparent.
fn on_white(picture: Drawable) -> RgbImage {
    let picture = match picture {
        Drawable::Opaque(picture) => return picture,
        Drawable::Transparent(picture) => picture,
    };
    let mut opaque = RgbImage::new(picture.width(), picture.height());
    for (pixel, to) in picture.pixels().zip(opaque.pixels_mut()) {
        let [red, green, blue, alpha] = pixel.0;
        let blend = |colour: u8| {
            let sum = u32::from(colour) * u32::from(alpha) + 255 * (255 - u32::from(alpha));
            u8::try_from(sum / 255).unwrap_or(u8::MAX)
        };
        *to = Rgb([blend(red), blend(green), blend(blue)]);
    }
    opaque
}

#[cfg(test)]
mod tests;
