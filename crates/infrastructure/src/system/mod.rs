//! The real clock, ids and random numbers. These are the only places that call them.

use application::system::{Clock, IdGenerator, SecretSource};
use chrono::{DateTime, SubsecRound, Utc};
use uuid::Uuid;

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6) // the finest that both databases keep
    }
}

/// Draws UUIDs of version 7, which sort by the time they were drawn.
#[derive(Debug, Clone, Copy, Default)]
pub struct UuidGenerator;

impl IdGenerator for UuidGenerator {
    #[expect(clippy::disallowed_methods, reason = "this is where ids come from")]
    fn next(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// The cryptographic generator of aws-lc, seeded by the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemSecrets;

impl SecretSource for SystemSecrets {
    fn bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        loop {
            // Fails only while the operating system has no entropy yet; weaker secrets would be worse than waiting.
            if aws_lc_rs::rand::fill(&mut bytes).is_ok() {
                return bytes;
            }
            std::thread::yield_now();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_cut_to_microseconds() {
        assert_eq!(SystemClock.now().timestamp_subsec_nanos() % 1_000, 0);
    }

    #[test]
    fn ids_sort_by_the_time_they_were_drawn() {
        let ids: Vec<Uuid> = (0..1_000).map(|_| UuidGenerator.next()).collect();
        assert!(ids.is_sorted());
    }

    #[test]
    fn no_two_secrets_are_alike() {
        assert_ne!(SystemSecrets.bytes(), SystemSecrets.bytes());
    }
}
