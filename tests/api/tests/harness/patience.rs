//! Waiting for what happens in its own time: look again and again, and give up loudly at a deadline.

use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long anything may take that should happen in a moment. Generous: the machine may be busy.
pub const PATIENCE: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(40);

/// Looks until there is something to see, and fails after [`PATIENCE`].
pub async fn until<T>(what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    until_at_most(PATIENCE, what, look).await
}

/// The same with a patience of its own.
pub async fn until_at_most<T>(patience: Duration, what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(seen) = look().await {
            return seen;
        }
        assert!(Instant::now() < deadline, "waited {patience:?} in vain until {what}");
        sleep(LOOK_EVERY).await;
    }
}
