//! The command line. Each command is a few lines over the same composition that serves.

#![expect(clippy::print_stdout, reason = "a command line talks to its user")]

use crate::config::Settings;
use crate::shop::{self, Shop};
use crate::{keys, ledger, serve, telemetry};
use application::identity::register::{RegisterUsers, Registrar, Registration};
use application::system::{Clock, SecretSource};
use clap::{Args, Parser, Subcommand};
use domain::identity::{Password, Role};
use domain::kernel::EmailAddress;
use infrastructure::crypto::KeySource;
use infrastructure::system::{SystemClock, SystemSecrets};
use migration::MigratorTrait;
use std::io::IsTerminal;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Carat: a shop in one binary.
#[derive(Parser)]
#[command(name = "carat", version, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API and the apps (the default)
    Serve,
    /// Change the database's schema
    Migrate {
        #[command(subcommand)]
        direction: Option<Direction>,
    },
    /// Fill the shop with demo data; again changes nothing that is there
    Seed(SeedArgs),
    /// Look after admins
    Admin {
        #[command(subcommand)]
        command: AdminCommand,
    },
    /// Look after the keys that sign tokens
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Look after the ledger
    Ledger {
        #[command(subcommand)]
        command: LedgerCommand,
    },
    /// Print the OpenAPI document
    Openapi,
    /// Look at the configuration
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
}

#[derive(Subcommand)]
enum Direction {
    /// Apply what is pending (the default)
    Up,
    /// Take the last migration back
    Down,
    /// Show what is applied and what is pending
    Status,
}

#[derive(Args)]
struct SeedArgs {
    /// How many products there shall be; more than the demo catalogue has are variations of it
    #[arg(long)]
    products: Option<usize>,
    /// How many paid orders of the past year there shall be
    #[arg(long)]
    orders: Option<usize>,
}

#[derive(Subcommand)]
enum AdminCommand {
    /// Make an admin; the password is read from standard input, or drawn and shown
    Create {
        /// Their address
        #[arg(long)]
        email: String,
    },
}

#[derive(Subcommand)]
enum KeysCommand {
    /// Show the keys, the one that signs first
    List,
    /// Make a new key that signs from now on; what the old ones signed stays good
    Rotate,
}

#[derive(Subcommand)]
enum LedgerCommand {
    /// Prove that all money adds up; ends with 1 and names the first wrong row where it doesn't
    Check {
        /// Hold it against what the gateway has taken, too; ends with 1 where that can't be told
        #[arg(long)]
        gateway: bool,
    },
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Check every setting, and say what is wrong or missing
    Check,
}

impl Cli {
    /// Does what was asked.
    ///
    /// # Errors
    /// In words for the user.
    pub async fn run(self) -> Outcome {
        let command = self.command.unwrap_or(Command::Serve);
        if matches!(command, Command::Openapi) {
            println!("{}", web::openapi().to_pretty_json()?);
            return Ok(());
        }
        let settings = Settings::load()?;
        telemetry::start(&settings.log)?;
        match command {
            Command::Serve => serve::run(settings).await,
            Command::Migrate { direction } => migrate(&settings, &direction.unwrap_or(Direction::Up)).await,
            Command::Seed(args) => seed(&settings, &args).await,
            Command::Admin { command: AdminCommand::Create { email } } => create_admin(&settings, &email).await,
            Command::Keys { command } => look_after_keys(&settings, &command),
            Command::Ledger { command: LedgerCommand::Check { gateway } } => ledger::check(&settings, gateway).await,
            Command::Config { command: ConfigCommand::Check } => {
                println!("The configuration is sound ({:?}).", settings.environment);
                Ok(())
            }
            Command::Openapi => Ok(()),
        }
    }
}

async fn migrate(settings: &Settings, direction: &Direction) -> Outcome {
    let url = &settings.database.url;
    shop::connect(settings).await?.close().await?; // makes the file of an embedded database
    match direction {
        Direction::Up => migration::migrate(url).await?,
        Direction::Down => migration::take_back(url).await?,
        Direction::Status => {}
    }
    let pending = migration::pending(url).await?;
    for migration in migration::Migrator::migrations() {
        let state = if pending.iter().any(|name| name == migration.name()) { "pending" } else { "applied" };
        println!("{state} {}", migration.name());
    }
    Ok(())
}

async fn seed(settings: &Settings, args: &SeedArgs) -> Outcome {
    let shop = Shop::open(settings).await?;
    let report = shop.seed(args.products, args.orders).await?;
    println!("{report}");
    Ok(())
}

async fn create_admin(settings: &Settings, email: &str) -> Outcome {
    let email = EmailAddress::parse(email).map_err(|_| format!("\"{email}\" is not an e-mail address"))?;
    let (password, drawn) = read_password()?;
    let shop = Shop::open(settings).await?;
    let registration = Registration {
        email,
        password,
        name: None,
        role: Role::Admin,
        shop_name: None,
        by: Registrar::CommandLine,
        email_verified: true,
    };
    let user = shop.registration().register(registration).await?;
    println!("{} is an admin now.", user.email);
    if let Some(drawn) = drawn {
        println!("The password is {drawn} (shown this once).");
    }
    Ok(())
}

fn look_after_keys(settings: &Settings, command: &KeysCommand) -> Outcome {
    let keys = match command {
        KeysCommand::List => keys::open(settings)?.ring().list(),
        KeysCommand::Rotate => keys::rotate(settings, SystemClock.now())?.list(),
    };
    for (place, (name, made)) in keys.into_iter().enumerate() {
        let made = made.map_or_else(|| "at an unknown time".to_owned(), |made| made.to_rfc3339());
        println!("{name} made {made}{}", if place == 0 { ", signs" } else { "" });
    }
    Ok(())
}

/// The password from standard input when something is piped in; otherwise one is drawn, and returned to be shown.
fn read_password() -> Result<(Password, Option<String>), Box<dyn std::error::Error>> {
    let text = if std::io::stdin().is_terminal() { String::new() } else { std::io::read_to_string(std::io::stdin())? };
    let given = text.trim_end_matches(['\r', '\n']);
    let drawn = given.is_empty().then(draw_password);
    let password = Password::parse(drawn.as_deref().unwrap_or(given))
        .map_err(|faults| format!("the password breaks these rules: {faults:?}"))?;
    Ok((password, drawn))
}

/// 20 characters of base 32 (100 bits), with an end that has every kind of character that the rule asks for.
fn draw_password() -> String {
    let alphabet: Vec<char> = "abcdefghijkmnpqrstuvwxyz23456789".chars().collect();
    let bytes = SystemSecrets.bytes();
    let body: String = bytes.iter().take(20).filter_map(|byte| alphabet.get(usize::from(byte % 32))).collect();
    format!("{body}-A1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_drawn_password_obeys_the_rule() {
        for _ in 0..100 {
            assert!(Password::parse(&draw_password()).is_ok());
        }
    }

    #[test]
    fn serving_is_the_default() {
        assert!(Cli::try_parse_from(["carat"]).unwrap().command.is_none());
        assert!(Cli::try_parse_from(["carat", "migrate", "down"]).is_ok());
        assert!(Cli::try_parse_from(["carat", "seed", "--products", "1000"]).is_ok());
        assert!(Cli::try_parse_from(["carat", "keys", "rotate"]).is_ok());
        assert!(Cli::try_parse_from(["carat", "ledger", "check"]).is_ok());
        assert!(Cli::try_parse_from(["carat", "ledger", "check", "--gateway"]).is_ok());
        assert!(Cli::try_parse_from(["carat", "nonsense"]).is_err());
    }
}
