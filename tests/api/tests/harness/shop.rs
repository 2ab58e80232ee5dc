//! A shop of one test alone: its folder, its database, its port, its server.

use super::actor::{Actor, Line};
use super::patience::{PATIENCE, until};
use super::server::{Launch, Server, free_port};
use std::process::{ExitStatus, Output};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

pub const ADMIN: &str = "admin@carat.example";
pub const PASSWORD: &str = "Corr3ct-horse!";

/// Which database the shop has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A shop. Its server is killed when the test ends; if the test fails, what the server wrote is shown. A server that
/// logged an error fails the test that seemed to pass.
pub struct Shop {
    pub port: u16,
    launch: Launch,
    server: Mutex<Option<Server>>,
    line: Arc<Line>,
    forgiven: Mutex<Vec<&'static str>>,
    _folder: TempDir,
}

impl Shop {
    /// An open shop on a fresh database.
    pub async fn open(engine: Engine) -> Self {
        Self::open_with(engine, &[]).await
    }

    /// The same with settings of its own.
    pub async fn open_with(engine: Engine, settings: &[(&str, &str)]) -> Self {
        let shop = Self::closed(engine, settings).await;
        shop.start().await;
        shop
    }

    /// A shop that nobody has opened yet.
    pub async fn closed(engine: Engine, settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database = match engine {
            Engine::Sqlite => format!("sqlite://{}?mode=rwc", folder.path().join("carat.db").display()),
            Engine::Postgres => testkit::TestDb::postgres().await.url().to_owned(),
        };
        let port = free_port();
        let data = folder.path().join("data").display().to_string();
        let own = [
            ("APP_ENV", "test"),
            ("HOST", "127.0.0.1"),
            ("PORT", &port.to_string()),
            ("DATABASE_URL", &database),
            ("CARAT__DATA__FOLDER", &data),
            ("ADMIN_EMAIL", ADMIN),
            ("ADMIN_PASSWORD", PASSWORD),
        ];
        let all = own.iter().filter(|(name, _)| settings.iter().all(|(other, _)| other != name)).chain(settings);
        let environment = all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let launch = Launch { folder: folder.path().to_owned(), environment };
        Self {
            port,
            launch,
            server: Mutex::new(None),
            line: Line::to(port),
            forgiven: Mutex::default(),
            _folder: folder,
        }
    }

    /// A second server of the same shop: same database, same folder, another port.
    pub async fn beside(&self) -> Self {
        let port = free_port();
        let mut environment = self.launch.environment.clone();
        environment.retain(|(name, _)| name != "PORT");
        environment.push(("PORT".to_owned(), port.to_string()));
        let launch = Launch { folder: self.launch.folder.clone(), environment };
        let folder = tempfile::tempdir().expect("a temporary folder");
        let shop = Self {
            port,
            launch,
            server: Mutex::new(None),
            line: Line::to(port),
            forgiven: Mutex::default(),
            _folder: folder,
        };
        shop.start().await;
        shop
    }

    /// The same person, at this server.
    pub fn same(&self, actor: &Actor) -> Actor {
        actor.at(Arc::clone(&self.line))
    }

    /// Starts the server and waits until it is ready.
    pub async fn start(&self) {
        *self.server.lock().unwrap() = Some(self.launch.serve());
        self.line.hang_up();
        let guest = self.guest();
        until("the shop is ready", async || {
            if let Some(status) = self.ended() {
                panic!("the server ended by itself: {status}\n{}", self.launch.log());
            }
            let answer = guest.try_page("/health/ready").await.ok()?;
            (answer.status == 200).then_some(())
        })
        .await;
    }

    /// Ends the server as a power cut would.
    pub fn kill_minus_9(&self) {
        self.server.lock().unwrap().as_mut().expect("a running server").kill_minus_9();
    }

    /// Kills the server and starts another on the same data and port.
    pub async fn restart(&self) {
        self.kill_minus_9();
        self.start().await;
    }

    /// Ends the server and starts another on the same data and port, with a setting changed.
    pub async fn restart_with(&mut self, name: &str, value: &str) {
        self.launch.environment.retain(|(other, _)| other != name);
        self.launch.environment.push((name.to_owned(), value.to_owned()));
        self.restart().await;
    }

    /// Asks the server to end.
    pub fn terminate(&self) {
        self.server.lock().unwrap().as_ref().expect("a running server").terminate();
    }

    /// Waits until the server has ended, and tells how.
    pub async fn wait_for_the_end(&self) -> ExitStatus {
        super::patience::until_at_most(PATIENCE, "the server has ended", async || self.ended()).await
    }

    /// An error with these words in the server's log is what this test is about.
    pub fn may_log(&self, words: &'static str) {
        self.forgiven.lock().unwrap().push(words);
    }

    /// Runs a command of the command line with the shop's settings, and this as its input.
    pub fn command_with_input(&self, arguments: &[&str], input: &str) -> Output {
        self.launch.run(arguments, input)
    }

    /// Runs a command of the command line with the shop's settings.
    pub fn command(&self, arguments: &[&str]) -> Output {
        self.command_with_input(arguments, "")
    }

    /// The secret that the shop made at its first start.
    pub fn signing_key_pem(&self) -> String {
        let file = self.launch.folder.join("data/jwt-private-key.pem");
        std::fs::read_to_string(file).expect("the key that the shop made")
    }

    /// The shop's database, to look at it from behind.
    pub async fn database(&self) -> testkit::TestDb {
        let url = self.launch.environment.iter().find(|(name, _)| name == "DATABASE_URL").map(|(_, url)| url.as_str());
        testkit::TestDb::at(url.expect("a database")).await
    }

    /// Everything that the shop's servers wrote.
    pub fn log(&self) -> String {
        self.launch.log()
    }

    /// Where it is, without a slash at the end.
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Somebody who is not signed in.
    pub fn guest(&self) -> Actor {
        Actor::guest(Arc::clone(&self.line))
    }

    fn ended(&self) -> Option<ExitStatus> {
        self.server.lock().unwrap().as_mut().and_then(Server::ended)
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let log = self.launch.log();
        if std::thread::panicking() {
            eprintln!("--- the server wrote:\n{log}---");
            return;
        }
        let forgiven = self.forgiven.lock().unwrap();
        let is_forgiven = |line: &str| forgiven.iter().any(|words| line.contains(words));
        let is_trouble = |line: &&str| line.contains("ERROR") || line.contains("panicked at");
        let trouble = log.lines().find(|line| is_trouble(line) && !is_forgiven(line));
        assert!(trouble.is_none(), "the test passed, but the server wrote:\n{log}");
    }
}
