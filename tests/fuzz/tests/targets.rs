//! Drives every target: with bytes at random, and with genuine input that was spoilt. `FUZZ_SECONDS=60` makes each of them
//! run for so long instead of a fixed number of times.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "tests fail loudly, tell what they did, and stand outside the house with its port for settings"
)]

use fuzz_tests::{TARGETS, Target};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::time::{Duration, Instant};

const CASES: usize = 3_000;

/// What is done to genuine input.
#[derive(Debug, Clone)]
enum Spoil {
    Flip(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
    Cut(Index),
    Repeat(Index, usize),
}

fn spoil() -> impl Strategy<Value = Spoil> {
    let odd = select(&b"\0\t\n\r \"%+,-./:;=A_aeyz\x7f\x80\xff"[..]);
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, mask)| Spoil::Flip(at, mask)),
        (any::<Index>(), vec(odd, 1..4)).prop_map(|(at, bytes)| Spoil::Insert(at, bytes)),
        (any::<Index>(), 1_usize..40).prop_map(|(at, length)| Spoil::Remove(at, length)),
        any::<Index>().prop_map(Spoil::Cut),
        (any::<Index>(), 1_usize..60).prop_map(|(at, length)| Spoil::Repeat(at, length)),
    ]
}

fn spoilt(mut bytes: Vec<u8>, spoils: Vec<Spoil>) -> Vec<u8> {
    for spoil in spoils {
        let length = bytes.len();
        let place = |at: Index| at.index(length + 1);
        match spoil {
            Spoil::Flip(at, mask) if length > 0 => bytes[at.index(length)] ^= mask,
            Spoil::Flip(..) => {}
            Spoil::Insert(at, more) => drop(bytes.splice(place(at)..place(at), more)),
            Spoil::Remove(at, many) => drop(bytes.drain(place(at)..(place(at) + many).min(length))),
            Spoil::Cut(at) => bytes.truncate(place(at)),
            Spoil::Repeat(at, many) => {
                let part = bytes[place(at)..(place(at) + many).min(length)].to_vec();
                bytes.splice(place(at)..place(at), part);
            }
        }
    }
    bytes
}

fn attacks(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let genuine = (select(seeds), vec(spoil(), 0..6)).prop_map(|(seed, spoils)| spoilt(seed, spoils));
    let words = select(vec![
        "carat_session=",
        "carat_refresh=",
        "Bearer ",
        "eyJhbGciOiJub25lIn0.",
        "::ffff:",
        "e30",
        "%",
        "\"",
    ]);
    let worded = (words, vec(any::<u8>(), 0..60)).prop_map(|(word, bytes)| [word.as_bytes(), &bytes].concat());
    prop_oneof![1 => vec(any::<u8>(), 0..400), 1 => worded, 4 => genuine]
}

fn drive(target: &Target) {
    let seconds = std::env::var("FUZZ_SECONDS").ok().and_then(|text| text.parse().ok());
    let config = Config { failure_persistence: None, ..Config::default() };
    let mut runner = match seconds {
        Some(_) => TestRunner::new(config), // another seed each time
        None => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
    };
    for seed in (target.seeds)() {
        (target.run)(&seed);
    }
    let (attacks, begun) = (attacks((target.seeds)()), Instant::now());
    let mut cases = 0;
    let goes_on = |cases: usize| match seconds {
        Some(seconds) => begun.elapsed() < Duration::from_secs(seconds),
        None => cases < CASES,
    };
    while goes_on(cases) {
        let attack = attacks.new_tree(&mut runner).unwrap().current();
        if std::panic::catch_unwind(|| (target.run)(&attack)).is_err() {
            panic!("{} fails on {:?} = {:?}", target.name, attack, String::from_utf8_lossy(&attack));
        }
        cases += 1;
    }
    eprintln!("{}: {cases} attacks in {:?}", target.name, begun.elapsed());
}

macro_rules! each {
    ($($name:ident)*) => {
        $(#[test] fn $name() { drive(target(stringify!($name))); })*

        #[test]
        fn every_target_is_driven() {
            let driven = [$(stringify!($name)),*];
            assert_eq!(TARGETS.map(|target| target.name), driven);
        }
    };
}
each! { access_token refresh_token device_token sealed_secret cookies authorization idempotency_key cursor forwarded_for }

fn target(name: &str) -> &'static Target {
    static ALL: [Target; 9] = TARGETS;
    ALL.iter().find(|target| target.name == name).unwrap()
}
