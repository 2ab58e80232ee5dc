//! A letter as text, for programs and people without HTML.

use super::{Block, Letter, Letterhead, single_line};

pub fn write(letter: &Letter, shop: &Letterhead) -> String {
    let mut parts = vec![single_line(&letter.title)];
    parts.extend(letter.blocks.iter().map(block));
    let shop_name = single_line(&shop.shop_name);
    // By the line "-- " mail programs know where a signature begins.
    parts.push(format!("-- \n{shop_name}\n{}\n{}\n", shop.public_url, single_line(&letter.reason)));
    parts.join("\n\n")
}

fn block(block: &Block) -> String {
    match block {
        Block::Paragraph(words) | Block::Note(words) => single_line(words),
        Block::Code(code) => format!("    {}", single_line(code)),
        Block::Button { label, url } => format!("{}:\n{}", single_line(label), single_line(url)),
        Block::Table { rows, total } => {
            let line = |(what, amount): &(String, String)| format!("{}  {}", single_line(what), single_line(amount));
            rows.iter().chain([total]).map(line).collect::<Vec<_>>().join("\n")
        }
        Block::Quote(lines) => {
            lines.iter().map(|line| format!("> {}", single_line(line))).collect::<Vec<_>>().join("\n")
        }
        Block::Lines(lines) => lines.iter().map(|line| single_line(line)).collect::<Vec<_>>().join("\n"),
    }
}
