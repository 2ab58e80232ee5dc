//! `cargo xtask <task>`: chores of this workspace that deserve a program rather than a script.
//! It deliberately knows nothing of the crates' code: it reads manifests and source text, so it builds in seconds.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line speaks to its terminal")]
#![allow(
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "it cuts source text at places it has just found; should it fail, a developer sees it at once"
)]

mod tidy;

use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "\
Usage: cargo xtask <task>

Tasks:
  tidy    check the rules of the house (ARCHITECTURE.md): who depends on whom, where things live, what code may say";

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("tidy") => tidy(),
        Some("help" | "--help" | "-h") => {
            println!("{USAGE}");
            ExitCode::SUCCESS
        }
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn tidy() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    match tidy::check(&root) {
        Ok(report) => {
            print!("{report}");
            if report.is_tidy() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("tidy could not read the workspace: {error}");
            ExitCode::from(2)
        }
    }
}
