//! Prints who may do which operation.
#![expect(clippy::print_stdout, reason = "this is what it is for")]

use web::openapi::permissions::table;

fn main() {
    let lines = table();
    let width = |column: usize| lines.iter().filter_map(|line| line.get(column)).map(String::len).max().unwrap_or(0);
    let (name, address) = (width(0), width(1));
    for [operation, at, who] in &lines {
        println!("{operation:name$}  {at:address$}  {who}");
    }
}
