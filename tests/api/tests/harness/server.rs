//! The server as a child process: how it is started, found ready, stopped gently or hard, and what it wrote.

use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};

/// How every process of one shop is started: the same settings, the same folder.
pub struct Launch {
    pub folder: PathBuf,
    pub environment: Vec<(String, String)>,
}

/// A running server.
pub struct Server(Child);

impl Launch {
    /// The binary with these arguments. Nothing of the test's own environment reaches it.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.args(arguments).current_dir(&self.folder).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Starts the server; what it writes is appended to the log.
    pub fn serve(&self) -> Server {
        let output = || Stdio::from(self.open_log());
        let mut command = self.command(&[]);
        command.stdin(Stdio::null()).stdout(output()).stderr(output());
        Server(command.spawn().expect("the server starts"))
    }

    /// Runs a command of the command line to its end.
    pub fn run(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the command starts");
        child.stdin.take().expect("its input").write_all(input.as_bytes()).expect("it takes its input");
        child.wait_with_output().expect("the command ends")
    }

    /// Everything that the servers of this shop wrote.
    pub fn log(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    fn log_file(&self) -> PathBuf {
        self.folder.join("server.log")
    }

    fn open_log(&self) -> File {
        OpenOptions::new().create(true).append(true).open(self.log_file()).expect("the log")
    }
}

impl Server {
    /// Ends it at once, as a power cut would.
    pub fn kill_minus_9(&mut self) {
        self.0.kill().ok(); // it may have ended by itself
        self.0.wait().expect("the killed server ends");
    }

    /// Asks it to end.
    pub fn terminate(&self) {
        let status = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status();
        assert!(status.expect("kill runs").success(), "the server took no SIGTERM");
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.0.try_wait().expect("the child's state")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill_minus_9();
    }
}

fn binary() -> PathBuf {
    let named = std::env::var_os("CARAT_BIN").map(PathBuf::from).unwrap_or_default();
    let usable = named.is_absolute() && Path::is_file(&named);
    assert!(usable, "CARAT_BIN names no server binary (\"{}\"): run through make test-api", named.display());
    named
}

/// A port that nobody listens on. It lies below those that systems hand out by themselves, so that it is still free when
/// the server is started a second time.
pub fn free_port() -> u16 {
    for attempt in 0..1000_u32 {
        let drawn = RandomState::new().hash_one(attempt) % 9_000;
        let port = 11_000 + u16::try_from(drawn).expect("a small number");
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("no free port");
}
