//! Random numbers that can be drawn again: a failing test prints the seed.

use std::hash::{BuildHasher, RandomState};

/// A generator (xorshift).
pub struct Dice(u64);

impl Dice {
    /// A new one, with its seed, which is also printed.
    pub fn shaken() -> (Self, u64) {
        let seed = RandomState::new().hash_one("dice") | 1; // never zero
        eprintln!("seed {seed}");
        (Self(seed), seed)
    }

    /// A number below `sides`.
    pub fn throw(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    /// A place in something of this length.
    pub fn index(&mut self, length: usize) -> usize {
        let drawn = self.throw(u64::try_from(length).expect("a length"));
        usize::try_from(drawn).expect("a place")
    }
}
