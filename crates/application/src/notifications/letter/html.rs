//! A letter as HTML. Styles stand in the elements, since mail programs drop style sheets; the one in the head only turns
//! the colours where a program reads it and its user likes it dark. Nothing is loaded from anywhere.

use super::{Block, Letter, Letterhead, single_line};

/// The storefront's colours in the dark, by class. What a program does that ignores this is legible too.
const DARK: &str = "@media (prefers-color-scheme:dark){\
.page{background:#14120f!important;color:#f3eee6!important}\
.card{background:#1d1a16!important;border-color:#37312a!important}\
.cell{border-color:#37312a!important}\
.quiet,.quiet a{color:#a89f92!important}\
.code{background:#26221d!important;color:#f3eee6!important}\
.button{background:#a3cdb9!important;color:#10211b!important}}";

const SERIF: &str = "Georgia,'Times New Roman',serif";
const SANS: &str = "-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

pub fn write(letter: &Letter, shop: &Letterhead) -> String {
    let blocks: String = letter.blocks.iter().map(block).collect();
    let (shop_name, url) = (escape(&shop.shop_name), escape(&shop.public_url));
    let (title, preview, reason) = (escape(&letter.title), escape(&letter.preview), escape(&letter.reason));
    // After the preview comes what fills its line, so that the letter's first words don't follow there.
    let filler = "&#847;&zwnj;&nbsp;".repeat(40);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"supported-color-schemes\" content=\"light dark\">\n\
         <meta name=\"format-detection\" content=\"telephone=no,date=no,address=no,email=no\">\n\
         <title>{title}</title>\n<style>{DARK}</style>\n</head>\n\
         <body class=\"page\" style=\"margin:0;padding:0;background:#faf7f2;color:#1d1a16\">\n\
         <div style=\"display:none;max-height:0;overflow:hidden;mso-hide:all\">{preview}{filler}</div>\n\
         <table class=\"page\" role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
         style=\"background:#faf7f2;color:#1d1a16\">\n<tr><td align=\"center\" style=\"padding:32px 16px\">\n\
         <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
         style=\"max-width:560px;text-align:left;font-family:{SANS};font-size:16px;line-height:1.5\">\n\
         <tr><td style=\"padding:0 8px 20px;font-family:{SERIF};font-size:20px;letter-spacing:.02em\">{shop_name}</td></tr>\n\
         <tr><td class=\"card\" style=\"padding:32px 28px 16px;background:#fffdfa;border:1px solid #e3dacd;\
         border-radius:6px\">\n\
         <h1 style=\"margin:0 0 20px;font-family:{SERIF};font-size:26px;line-height:1.25;font-weight:normal\">{title}</h1>\n\
         {blocks}</td></tr>\n\
         <tr><td class=\"quiet\" style=\"padding:20px 8px 0;font-size:13px;color:#6a6258\">{reason}<br>\
         <a href=\"{url}\" style=\"color:#6a6258\">{shop_name}</a></td></tr>\n\
         </table>\n</td></tr>\n</table>\n</body>\n</html>\n"
    )
}

fn block(block: &Block) -> String {
    match block {
        Block::Paragraph(words) => format!("<p style=\"margin:0 0 16px\">{}</p>\n", escape(words)),
        Block::Note(words) => {
            format!("<p class=\"quiet\" style=\"margin:0 0 16px;font-size:14px;color:#6a6258\">{}</p>\n", escape(words))
        }
        Block::Code(code) => format!(
            "<p class=\"code\" style=\"margin:8px 0 24px;padding:16px 8px 16px 16px;background:#f1ebe2;border-radius:6px;\
             font-family:ui-monospace,Menlo,Consolas,monospace;{};\
             text-align:center;-webkit-user-select:all;user-select:all\">{}</p>\n",
            size_of(code),
            escape(code)
        ),
        Block::Button { label, url } => button(&escape(label), &escape(url)),
        Block::Table { rows, total } => table(rows, total),
        Block::Quote(lines) => {
            let lines: Vec<String> = lines.iter().map(|line| escape(line)).collect();
            format!(
                "<p class=\"cell\" style=\"margin:0 0 20px;padding:2px 0 2px 16px;border-left:3px solid #e3dacd;\
                 font-family:{SERIF};font-size:18px\">{}</p>\n",
                lines.join("<br>\n")
            )
        }
        Block::Lines(lines) => {
            let lines: Vec<String> = lines.iter().map(|line| escape(line)).collect();
            format!("<p style=\"margin:0 0 16px\">{}</p>\n", lines.join("<br>\n"))
        }
    }
}

/// A short code is written large; a long one so that it fits its line.
fn size_of(code: &str) -> &'static str {
    if code.chars().count() > 12 {
        "font-size:20px;line-height:1.5;letter-spacing:1px"
    } else {
        "font-size:32px;line-height:1.2;letter-spacing:8px"
    }
}

/// A button, and its address for whoever can't press it or wants to see where it leads.
fn button(label: &str, url: &str) -> String {
    format!(
        "<p style=\"margin:8px 0 16px\"><a class=\"button\" href=\"{url}\" style=\"display:inline-block;padding:13px 24px;\
         background:#1d4a3d;color:#fbf8f3;border-radius:6px;font-weight:600;text-decoration:none\">{label}</a></p>\n\
         <p class=\"quiet\" style=\"margin:0 0 20px;font-size:13px;color:#6a6258;word-break:break-all\">\
         <a href=\"{url}\" style=\"color:#6a6258\">{url}</a></p>\n"
    )
}

fn table(rows: &[(String, String)], (sum, amount): &(String, String)) -> String {
    let cell = "padding:10px 0;border-bottom:1px solid #e3dacd;vertical-align:top";
    let right = "padding-left:16px;text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums";
    let row = |(what, amount): &(String, String)| {
        format!(
            "<tr><td class=\"cell\" style=\"{cell}\">{}</td><td class=\"cell\" style=\"{cell};{right}\">{}</td></tr>\n",
            escape(what),
            escape(amount)
        )
    };
    let rows: String = rows.iter().map(row).collect();
    format!(
        "<table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"margin:0 0 24px;\
         border-collapse:collapse;font-size:15px\">\n{rows}\
         <tr><td style=\"padding:12px 0\"><strong>{}</strong></td>\
         <td style=\"padding:12px 0;{right}\"><strong>{}</strong></td></tr>\n</table>\n",
        escape(sum),
        escape(amount)
    )
}

fn escape(text: &str) -> String {
    let text = single_line(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&#39;")
}
