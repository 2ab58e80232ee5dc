//! Numbers and ids that are the same at each run: SplitMix64, and digests. Nothing secret is ever drawn here.

use uuid::Uuid;

/// A stream of numbers that look random and never change.
pub struct Draw(u64);

impl Draw {
    /// The stream that begins here.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub const fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// The next number below `end`; 0 when there is none.
    pub const fn below(&mut self, end: u64) -> u64 {
        if end == 0 { 0 } else { self.number() % end }
    }

    /// One of these.
    pub fn one_of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let place = usize::try_from(self.below(all.len() as u64)).unwrap_or_default();
        all.get(place)
    }
}

/// The id of a demo thing that is older than the shop.
pub fn id(kind: &str, name: &str) -> Uuid {
    id_at(kind, name, 1_735_689_600_000) // the first of January 2025
}

/// The id of a demo thing, of version 7, by its kind, its name and its moment, so that lists by time and by id agree.
pub fn id_at(kind: &str, name: &str, millis: u64) -> Uuid {
    let mut draw = kind
        .bytes()
        .chain([0])
        .chain(name.bytes())
        .fold(Draw::new(0xCA8A7), |mut draw, byte| Draw::new(draw.number() ^ u64::from(byte)));
    let random: Vec<u8> = draw.number().to_be_bytes().into_iter().chain(draw.number().to_be_bytes()).collect();
    let mut ten = [0; 10];
    ten.iter_mut().zip(random).for_each(|(to, from)| *to = from);
    uuid::Builder::from_unix_timestamp_millis(millis, &ten).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_has_the_same_id_and_others_have_others() {
        assert_eq!(id("user", "ada"), id("user", "ada"));
        assert_ne!(id("user", "ada"), id("user", "adb"));
        assert_ne!(id("user", "ada"), id("product", "ada"));
        assert!(id_at("order", "1", 1_000) < id_at("order", "1", 2_000));
    }
}
