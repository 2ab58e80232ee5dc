//! Pictures of products on the wire: forms, their limits, and who is listened to.

use crate::support::*;
use actix_web::test::TestRequest;
use application::media::pictures::PictureError;
use application::media::ports::PictureRefusal;
use serde_json::json;

fn images() -> String {
    format!("/api/v1/seller/products/{}/images", id(107))
}

/// A field of a form, by its name.
type Field<'a> = (&'a str, &'a [u8]);

fn upload(line: &str, fields: &[Field<'_>]) -> TestRequest {
    let request = TestRequest::post().uri(&images());
    let request = request.insert_header(("content-type", format!("multipart/form-data; boundary={line}")));
    request.set_payload(form(line, fields)).by("seller")
}

/// A shop in which nobody is asked to keep a picture.
fn closed() -> web::Site {
    Doubles::default().site()
}

#[actix_web::test]
async fn a_picture_in_a_form_is_handed_over_with_its_words() {
    let mut doubles = Doubles::default();
    let handed = |_: &_, product: &_, file: &Vec<u8>, alt: &String| {
        *product == product_id() && *file == b"bytes \0 of a picture" && alt == "An \u{e9}toile"
    };
    doubles.keep_pictures.expect_add().withf(handed).times(1).returning(|_, _, _, _| Ok(picture()));
    let fields = [("file", &b"bytes \0 of a picture"[..]), ("alt", " An \u{e9}toile ".as_bytes())];
    let answer = ask(&doubles.site(), upload("line", &fields)).await;
    assert_eq!(answer.status, 201);
    let url = |name: &str| format!("/media/pictures/{}/{name}", id(31));
    assert_eq!(
        answer.json(),
        json!({
            "id": id(31), "url": url("800-ab.jpg"), "alt": "A ring", "width": 800, "height": 400,
            "thumbnails": [
                {"url": url("320-ab.webp"), "width": 320, "height": 160},
                {"url": url("800-ab.webp"), "width": 800, "height": 400},
            ],
            "fallbacks": [{"url": url("320-ab.jpg"), "width": 320, "height": 160}],
        })
    );
}

fn product_id() -> domain::kernel::ProductId {
    product().id
}

#[actix_web::test]
async fn words_may_be_left_out() {
    let mut doubles = Doubles::default();
    doubles.keep_pictures.expect_add().withf(|_, _, _, alt| alt.is_empty()).returning(|_, _, _, _| Ok(picture()));
    assert_eq!(ask(&doubles.site(), upload("line", &[("file", b"x")])).await.status, 201);
}

#[actix_web::test]
async fn what_is_wrong_with_a_form_is_told_at_its_field() {
    let long = "a".repeat(301);
    let cases: [(&[Field<'_>], &str); 6] = [
        (&[], "/file"),
        (&[("alt", b"A ring")], "/file"),
        (&[("file", b"")], "/file"),
        (&[("file", b"x"), ("alt", long.as_bytes())], "/alt"),
        (&[("file", b"x"), ("alt", b"two\nlines")], "/alt"),
        (&[("file", b"x"), ("price", b"1")], "/price"),
    ];
    for (fields, pointer) in cases {
        let answer = ask(&closed(), upload("line", fields)).await;
        assert_eq!(answer.problem(), (422, "validation-failed".to_owned()), "{pointer}");
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer);
    }
}

#[actix_web::test]
async fn what_is_no_form_is_refused() {
    let json = post(&images(), &json!({"file": "x"})).by("seller");
    assert_eq!(ask(&closed(), json).await.problem(), (415, "unsupported-media-type".to_owned()));
    let mut cut = form("line", &[("file", b"a picture")]);
    cut.truncate(cut.len() - 12);
    let cut = upload("line", &[]).set_payload(cut);
    assert_eq!(ask(&closed(), cut).await.problem(), (400, "bad-request".to_owned()));
    let no_line = upload("line", &[]).insert_header(("content-type", "multipart/form-data"));
    assert_eq!(ask(&closed(), no_line).await.problem(), (400, "bad-request".to_owned()));
}

#[actix_web::test]
async fn a_picture_may_be_larger_than_other_bodies_and_not_larger_than_twelve_megabytes() {
    let mut doubles = Doubles::default();
    let most = 12 * 1024 * 1024;
    doubles
        .keep_pictures
        .expect_add()
        .withf(move |_, _, file, _| file.len() == most)
        .times(1)
        .returning(|_, _, _, _| Ok(picture()));
    let site = doubles.site();
    assert_eq!(ask(&site, upload("line", &[("file", &vec![7; most])])).await.status, 201);
    for size in [most + 1, 2 * most] {
        let answer = ask(&site, upload("line", &[("file", &vec![7; size])])).await;
        assert_eq!(answer.problem(), (413, "body-too-large".to_owned()));
    }
    let announced = upload("line", &[("file", b"x")]).insert_header(("content-length", "50000000"));
    assert_eq!(ask(&site, announced).await.problem(), (413, "body-too-large".to_owned()));
}

#[actix_web::test]
async fn who_may_not_upload_is_told_so_and_not_what_is_wrong_with_the_form() {
    for (token, status) in [("customer", 403), ("unverified-seller", 403), ("admin", 403), ("nobody", 401)] {
        let request = TestRequest::post().uri(&images()).set_payload("no form at all").by(token).keyed("k");
        assert_eq!(ask(&closed(), request).await.problem().0, status, "{token}");
    }
}

#[actix_web::test]
async fn an_upload_that_is_sent_again_under_its_key_adds_no_second_picture() {
    let mut doubles = Doubles::default();
    doubles.keep_pictures.expect_add().times(1).returning(|_, _, _, _| Ok(picture()));
    let site = doubles.site();
    let first = ask(&site, upload("line", &[("file", b"ring")]).keyed("k")).await;
    let again = ask(&site, upload("another-line", &[("file", b"ring")]).keyed("k")).await;
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    assert_eq!(again.header("idempotent-replayed"), "true");
    let other = ask(&site, upload("line", &[("file", b"another ring")]).keyed("k")).await;
    assert_eq!(other.problem(), (422, "idempotency-key-reused".to_owned()));
}

#[actix_web::test]
async fn a_picture_that_is_refused_is_told_why() {
    let mut doubles = Doubles::default();
    doubles.keep_pictures.expect_add().returning(|_, _, _, _| Err(PictureError::Refused(PictureRefusal::UnknownType)));
    let answer = ask(&doubles.site(), upload("line", &[("file", b"<svg/>")])).await;
    assert_eq!(answer.problem(), (415, "image-type-unsupported".to_owned()));
}

#[actix_web::test]
async fn a_picture_is_described_and_moved_and_nothing_else() {
    let mut doubles = Doubles::default();
    doubles.keep_pictures.expect_change().times(2).returning(|_, _, _, change| {
        assert!(change.position == Some(2) && change.alt.is_none() || change.alt.as_deref() == Some(""));
        Ok(picture())
    });
    let site = doubles.site();
    let patch = |body| TestRequest::patch().uri(&format!("{}/{}", images(), id(31))).set_json(&body).by("seller");
    assert_eq!(ask(&site, patch(json!({"position": 2}))).await.status, 200);
    assert_eq!(ask(&site, patch(json!({"alt": " "}))).await.status, 200);
    for (body, pointer) in [
        (json!({"position": 0}), "/position"),
        (json!({"position": 13}), "/position"),
        (json!({"alt": "a".repeat(301)}), "/alt"),
        (json!({"alt": null}), "/alt"),
    ] {
        let answer = ask(&site, patch(body)).await;
        assert_eq!(answer.problem().0, 422, "{}", answer.text());
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer);
    }
}
