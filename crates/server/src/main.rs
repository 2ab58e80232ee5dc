//! The binary `carat`: settings, composition, worker and command line around the other crates.

mod administration;
mod apps;
mod cli;
mod compose;
mod config;
mod courier;
mod factors;
mod gift_cards;
mod keys;
mod ledger;
mod notifications;
mod payments;
mod pictures;
mod readiness;
mod refunds;
mod seed;
mod serve;
mod shop;
mod social;
mod telemetry;
mod webhooks;
mod worker;

use clap::Parser;
use std::process::ExitCode;

#[tokio::main]
#[expect(clippy::print_stderr, reason = "the last words of a start that failed")]
async fn main() -> ExitCode {
    match cli::Cli::parse().run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("carat: {error}");
            ExitCode::FAILURE
        }
    }
}
