//! What only shows on a real connection.

use crate::support::Doubles;
use actix_web::HttpServer;
use domain::kernel::Page;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Sends some bytes and reads until the server hangs up or says no more.
fn talk(address: SocketAddr, request: &str) -> String {
    let mut connection = TcpStream::connect(address).unwrap();
    connection.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
    connection.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    let mut part = [0; 4096];
    while let Ok(read) = connection.read(&mut part) {
        if read == 0 {
            break;
        }
        answer.extend_from_slice(&part[..read]);
    }
    String::from_utf8_lossy(&answer).into_owned()
}

#[actix_web::test]
async fn head_has_no_body_and_a_body_that_does_not_come_is_cut_off() {
    let mut doubles = Doubles::default();
    doubles.settings.body_pace.deadline = Duration::from_millis(200);
    doubles.browse_catalog.expect_products().returning(|_, _, _| Ok(Page { data: vec![], next: None }));
    let site = doubles.site();
    let server = HttpServer::new(move || site.app()).workers(1).bind("127.0.0.1:0").unwrap();
    let address = server.addrs()[0];
    let running = server.run();
    let handle = running.handle();
    let running = actix_web::rt::spawn(running);

    let answers = actix_web::rt::task::spawn_blocking(move || {
        let head = "HEAD /api/v1/products HTTP/1.1\r\nhost: shop\r\nconnection: close\r\n\r\n";
        let late = "POST /api/v1/auth/login HTTP/1.1\r\nhost: shop\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{\"a\"";
        let large = "POST /api/v1/auth/login HTTP/1.1\r\nhost: shop\r\ncontent-length: 99999999\r\n\r\n{";
        let panic = "GET /api/v1/categories HTTP/1.1\r\nhost: shop\r\nconnection: close\r\n\r\n";
        [head, late, large, panic].map(|request| talk(address, request))
    });
    let [head, late, large, panic] = answers.await.unwrap();
    handle.stop(false).await;
    running.await.unwrap().unwrap();

    assert!(head.starts_with("HTTP/1.1 200") && head.ends_with("\r\n\r\n"), "{head}");
    assert!(head.to_lowercase().contains("content-length: 30"), "{head}");
    assert!(late.starts_with("HTTP/1.1 408") && late.contains("request-timeout"), "{late}");
    assert!(late.to_lowercase().contains("connection: close"), "{late}");
    assert!(large.starts_with("HTTP/1.1 413") && large.contains("body-too-large"), "{large}");
    assert!(panic.starts_with("HTTP/1.1 500") && panic.contains("internal-error"), "{panic}");
    assert!(panic.contains("x-content-type-options: nosniff"), "{panic}");
}
