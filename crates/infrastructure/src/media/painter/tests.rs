//! Pictures as people and as enemies hand them in.

use super::*;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder, Rgba, RgbaImage};

/// A picture that is red on the left and blue on the right.
fn halves(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| if x < width / 2 { Rgb([220, 10, 10]) } else { Rgb([10, 10, 220]) })
}

fn written(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn jpeg_file(width: u32, height: u32) -> Vec<u8> {
    written(&halves(width, height).into(), ImageFormat::Jpeg)
}

async fn drawn(file: Vec<u8>) -> Result<Drawn, PictureRefusal> {
    Painter::default().largest(file).await
}

fn seen(drawn: &Drawn) -> DynamicImage {
    image::load_from_memory(&drawn.bytes).unwrap()
}

/// A PNG that says it is this large; its pixels are not there.
fn header(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = written(&halves(2, 2).into(), ImageFormat::Png);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}

/// The checksum of a PNG's chunk.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
    })
}

/// A JPEG with this segment of EXIF.
fn with_exif(file: &[u8], orientation: u8, words: &[u8]) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    exif.extend(words);
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    let mut all = file[..2].to_vec();
    all.extend([0xFF, 0xE1]);
    all.extend(length);
    all.extend(exif);
    all.extend(&file[2..]);
    all
}

#[tokio::test]
async fn jpeg_png_and_webp_are_read_by_their_content() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let drawn = drawn(written(&halves(40, 30).into(), format)).await.unwrap();
        assert_eq!((drawn.format, drawn.width, drawn.height), (PictureFormat::Jpeg, 40, 30), "{format:?}");
        let seen = seen(&drawn).into_rgb8();
        assert!(seen.get_pixel(5, 15).0[0] > 180 && seen.get_pixel(35, 15).0[2] > 180);
    }
}

#[tokio::test]
async fn what_is_transparent_stays_so() {
    let clear = RgbaImage::from_fn(40, 30, |x, _| Rgba([200, 0, 0, if x < 20 { 255 } else { 0 }]));
    let largest = drawn(written(&clear.into(), ImageFormat::Png)).await.unwrap();
    assert_eq!(largest.format, PictureFormat::Webp);
    let pixels = seen(&largest).into_rgba8();
    assert!(pixels.get_pixel(2, 2).0[3] > 250 && pixels.get_pixel(38, 2).0[3] < 5);
    let smaller = Painter::default().smaller(largest.bytes, &[20]).await.unwrap();
    let made: Vec<_> = smaller.iter().map(|one| (one.format, one.width, one.height)).collect();
    let expected = [(PictureFormat::Webp, 20, 15), (PictureFormat::Jpeg, 20, 15), (PictureFormat::Jpeg, 40, 30)];
    assert_eq!(made, expected);
    assert!(seen(&smaller[2]).into_rgb8().get_pixel(38, 2).0.iter().all(|part| *part > 245), "on white");
}

#[tokio::test]
async fn a_picture_is_turned_as_its_camera_says_and_says_nothing_else_any_more() {
    let file = with_exif(&jpeg_file(64, 32), 6, b"GPS 48.85 2.35, Ada's telephone");
    let drawn = drawn(file).await.unwrap();
    assert_eq!((drawn.width, drawn.height), (32, 64));
    let picture = seen(&drawn).into_rgb8();
    assert!(picture.get_pixel(16, 5).0[0] > 180, "the left is above now");
    let text = String::from_utf8_lossy(&drawn.bytes).into_owned();
    assert!(!text.contains("Exif") && !text.contains("Ada"));
}

#[tokio::test]
async fn colours_of_a_wider_space_are_turned_into_the_screens() {
    let profile = ColorProfile::new_display_p3().encode().unwrap();
    let mut file = Vec::new();
    let mut encoder = PngEncoder::new(&mut file);
    encoder.set_icc_profile(profile).unwrap();
    let green: Vec<u8> = [60, 200, 60].repeat(100);
    encoder.write_image(&green, 10, 10, ExtendedColorType::Rgb8).unwrap();
    let picture = seen(&drawn(file).await.unwrap()).into_rgb8();
    let [red, green, _] = picture.get_pixel(5, 5).0;
    assert!(red < 45 && green > 195, "the green of a wider space is a stronger one: {red} {green}");
}

#[tokio::test]
async fn a_large_picture_is_made_smaller_in_its_proportions() {
    let drawn = drawn(jpeg_file(5_000, 2_500)).await.unwrap();
    assert_eq!((drawn.width, drawn.height), (2_048, 1_024));
}

#[tokio::test]
async fn its_sizes_are_made_as_webp_and_as_jpeg() {
    let smaller = Painter::default().smaller(jpeg_file(800, 400), &Picture::WIDTHS).await.unwrap();
    let made: Vec<_> = smaller.iter().map(|one| (one.format, one.width, one.height)).collect();
    use PictureFormat::{Jpeg, Webp};
    assert_eq!(made, [(Webp, 320, 160), (Jpeg, 320, 160), (Webp, 640, 320), (Jpeg, 640, 320), (Webp, 800, 400)]);
    for one in &smaller {
        let picture = seen(one);
        assert_eq!((picture.width(), picture.height()), (one.width, one.height));
    }
    let thin = Painter::default().smaller(jpeg_file(2_000, 2), &[320]).await.unwrap();
    assert_eq!((thin[0].width, thin[0].height), (320, 1), "never flat");
}

#[tokio::test]
async fn what_is_no_picture_is_refused_whatever_it_is_called() {
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".to_vec();
    let avif = b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf".to_vec();
    for file in [svg, avif, b"GIF89a\x01\0\x01\0".to_vec(), b"%PDF-1.7".to_vec(), vec![], vec![0xFF]] {
        assert_eq!(drawn(file.clone()).await, Err(PictureRefusal::UnknownType), "{:?}", String::from_utf8_lossy(&file));
    }
}

#[tokio::test]
async fn a_bomb_is_told_by_its_header() {
    for (width, height) in [(50_000, 50_000), (65_535, 65_535), (i32::MAX as u32, i32::MAX as u32), (6_400, 6_400)] {
        let refused = drawn(header(width, height)).await;
        assert_eq!(refused, Err(PictureRefusal::TooManyPixels), "{width} x {height}");
    }
    assert_eq!(drawn(header(400, 400)).await, Err(PictureRefusal::Unreadable), "its pixels are missing");
}

#[tokio::test]
async fn a_file_that_was_cut_off_is_refused_wherever_it_was() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let file = written(&halves(300, 200).into(), format);
        for part in [3, 5, 8] {
            let cut = file[..file.len() * part / 9].to_vec();
            assert_eq!(drawn(cut).await, Err(PictureRefusal::Unreadable), "{format:?}, {part} of 9");
        }
    }
}

#[tokio::test]
async fn nothing_that_hid_in_a_file_is_in_the_drawn_one() {
    let payload = b"<script>alert('polyglot')</script><?php system($_GET[0]) ?>PK\x03\x04";
    let mut behind = jpeg_file(60, 40);
    behind.extend(payload);
    let inside = with_exif(&jpeg_file(60, 40), 1, payload);
    let mut png = written(&halves(60, 40).into(), ImageFormat::Png);
    png.extend(payload);
    for file in [behind, inside, png] {
        let largest = drawn(file).await.unwrap();
        let smaller = Painter::default().smaller(largest.bytes.clone(), &[30]).await.unwrap();
        for one in smaller.iter().chain([&largest]) {
            let text = String::from_utf8_lossy(&one.bytes).into_owned();
            assert!(!text.contains("script") && !text.contains("php") && !text.contains("PK\u{3}"));
        }
    }
}

#[tokio::test]
async fn whoever_waits_too_long_for_their_turn_is_told_so() {
    let painter = Painter { turns: Arc::new(Semaphore::new(0)), patience: Duration::from_millis(10) };
    assert_eq!(painter.largest(jpeg_file(10, 10)).await, Err(PictureRefusal::Busy));
}

#[tokio::test]
async fn random_changes_of_a_file_never_end_the_painter() {
    let painter = Painter::default();
    let mut state = 7_u32;
    let mut next = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize
    };
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let file = written(&halves(48, 32).into(), format);
        for _ in 0..150 {
            let mut changed = file.clone();
            for _ in 0..=next() % 4 {
                let place = next() % changed.len();
                changed[place] = u8::try_from(next() % 256).unwrap();
            }
            painter.largest(changed).await.ok(); // whatever it says, it says something
        }
    }
    assert!(painter.largest(jpeg_file(10, 10)).await.is_ok());
}
