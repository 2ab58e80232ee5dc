//! Random numbers that can be drawn again: a failing test names the seed.

use std::hash::{BuildHasher, RandomState};

/// A generator (xorshift).
pub struct Dice(u64);

impl Dice {
    /// The one of this seed. Seeds that are near each other throw nothing alike.
    #[must_use]
    pub const fn of(seed: u64) -> Self {
        // The finisher of SplitMix64 (Steele, Lea and Flood, 2014); never zero.
        let mut mixed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        Self((mixed ^ (mixed >> 31)) | 1)
    }

    /// A new one, with its seed, which is also printed.
    #[must_use]
    #[expect(clippy::print_stderr, reason = "shown when a test fails")]
    pub fn shaken() -> (Self, u64) {
        let seed = RandomState::new().hash_one("dice");
        eprintln!("seed {seed}");
        (Self::of(seed), seed)
    }

    /// A number below `sides`.
    pub const fn throw(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    /// Once in so many times.
    pub const fn once_in(&mut self, times: u64) -> bool {
        self.throw(times) == 0
    }

    /// A place in something of this length.
    ///
    /// # Panics
    /// When the length is none.
    pub fn index(&mut self, length: usize) -> usize {
        let drawn = self.throw(u64::try_from(length).expect("a length"));
        usize::try_from(drawn).expect("a place")
    }
}
