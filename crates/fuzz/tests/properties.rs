//! The fuzz targets as property tests: on the kept corpus, on the seeds, and on mutations of both.

#![allow(clippy::indexing_slicing, reason = "places are made to fit the length")]

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;
use std::sync::OnceLock;

use crmlink_fuzz::TARGETS;
use crmlink_fuzz::seeds::{corpus, seeds};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{RngSeed, TestRunner};

/// How many mutated inputs each target is given.
const CASES: u32 = 400;

#[test]
fn the_corpus_holds() {
    for (name, target) in TARGETS {
        for (file, data) in corpus(name) {
            let held = catch_unwind(|| target(&data));
            assert!(held.is_ok(), "fuzz/corpus/{name}/{file}");
        }
    }
}

#[test]
fn the_seeds_hold_and_are_good_ones() {
    for (name, target) in TARGETS {
        let seeds = seeds(name);
        assert!(seeds.len() > 10, "{name} has hardly any seeds");
        for seed in seeds {
            let held = catch_unwind(|| target(&seed));
            assert!(held.is_ok(), "{name}: {}", String::from_utf8_lossy(&seed));
        }
    }
}

#[test]
fn every_target_is_one_of_cargo_fuzz() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    let manifest = fs::read_to_string(root.join("Cargo.toml")).expect("fuzz/Cargo.toml");
    for (name, _) in TARGETS {
        let file = fs::read_to_string(root.join(format!("fuzz_targets/{name}.rs")));
        let body = file.unwrap_or_else(|error| panic!("fuzz/fuzz_targets/{name}.rs: {error}"));
        assert!(
            body.contains(&format!("crmlink_fuzz::{name}(data)")),
            "{name}"
        );
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
    }
    let files = fs::read_dir(root.join("fuzz_targets")).expect("targets");
    assert_eq!(files.count(), TARGETS.len());
}

#[test]
fn any_bytes_hold() {
    for (name, target) in TARGETS {
        run(name, vec(any::<u8>(), 0..200), |data| target(&data));
    }
}

#[test]
fn mutations_hold() {
    for (place, (name, target)) in TARGETS.iter().enumerate() {
        let mutation = (any::<Index>(), vec(edit(), 1..6));
        run(name, mutation, |(seed, edits)| {
            let beginnings = &beginnings()[place];
            let mut data = beginnings[seed.index(beginnings.len())].clone();
            for edit in &edits {
                edit.apply(&mut data, beginnings);
            }
            let held = catch_unwind(|| target(&data));
            assert!(held.is_ok(), "{}", String::from_utf8_lossy(&data));
        });
    }
}

fn run<S: Strategy>(name: &str, inputs: S, holds: impl Fn(S::Value)) {
    let held = TestRunner::new(cases(CASES)).run(&inputs, |input| {
        holds(input);
        Ok(())
    });
    assert!(held.is_ok(), "{name}: {held:?}");
}

/// The same inputs each time: a test that fails once in a thousand runs teaches people to run it again.
/// `PROPTEST_RNG_SEED` tries others, `PROPTEST_CASES` more of them.
fn cases(number: u32) -> ProptestConfig {
    let chosen = ProptestConfig::default();
    let told = std::env::var_os("PROPTEST_CASES").is_some();
    ProptestConfig {
        cases: if told { chosen.cases } else { number },
        rng_seed: match chosen.rng_seed {
            RngSeed::Random => RngSeed::Fixed(0),
            fixed @ RngSeed::Fixed(_) => fixed,
        },
        failure_persistence: None,
        ..chosen
    }
}

/// The seeds and the corpus of each target.
fn beginnings() -> &'static [Vec<Vec<u8>>] {
    static BEGINNINGS: OnceLock<Vec<Vec<Vec<u8>>>> = OnceLock::new();
    BEGINNINGS.get_or_init(|| {
        let both = |name: &str| {
            let kept = corpus(name).into_iter().map(|(_, data)| data);
            seeds(name).into_iter().chain(kept).collect()
        };
        TARGETS.iter().map(|(name, _)| both(name)).collect()
    })
}

/// What a mutation does.
#[derive(Clone, Debug)]
enum Edit {
    Set(Index, u8),
    Insert(Index, &'static str),
    Remove(Index, usize),
    Repeat(Index, usize),
    Cut(Index),
    /// Goes on as another input does.
    Cross(Index, Index),
}

fn edit() -> impl Strategy<Value = Edit> {
    let place = any::<Index>;
    prop_oneof![
        (place(), any::<u8>()).prop_map(|(at, byte)| Edit::Set(at, byte)),
        (place(), select(WORDS)).prop_map(|(at, word)| Edit::Insert(at, word)),
        (place(), 1_usize..40).prop_map(|(at, length)| Edit::Remove(at, length)),
        (place(), 1_usize..80).prop_map(|(at, length)| Edit::Repeat(at, length)),
        place().prop_map(Edit::Cut),
        (place(), place()).prop_map(|(at, other)| Edit::Cross(at, other)),
    ]
}

impl Edit {
    fn apply(&self, data: &mut Vec<u8>, others: &[Vec<u8>]) {
        let length = data.len();
        let place = |at: &Index| at.index(length + 1);
        match self {
            Self::Set(at, byte) => {
                if let Some(old) = data.get_mut(place(at)) {
                    *old = *byte;
                }
            }
            Self::Insert(at, word) => drop(data.splice(place(at)..place(at), word.bytes())),
            Self::Remove(at, count) => drop(data.drain(place(at)..length.min(place(at) + count))),
            Self::Repeat(at, count) => {
                let piece = data[place(at)..length.min(place(at) + count)].to_vec();
                drop(data.splice(place(at)..place(at), piece));
            }
            Self::Cut(at) => data.truncate(place(at)),
            Self::Cross(at, other) => {
                let other = &others[other.index(others.len())];
                data.truncate(place(at));
                data.extend(other.iter().skip(place(at)));
            }
        }
    }
}

const WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    ",",
    ":",
    "null",
    "true",
    "false",
    "{}",
    "[]",
    "0",
    "-1",
    "1e400",
    "18446744073709551616",
    "\"\"",
    "..",
    "%2e%2e",
    "\\u0000",
    "\\ud800",
    "\"__proto__\":",
    "\"id\":",
    "\"id\":null,",
    "\"errors\":[{}],",
    "\"numErrors\":1,",
    "\"success\":false,",
    "\n~\n",
    "\n~\n200 \n{}",
    "\n~\n500 \n",
    "\n~\nlost timeout",
    " again\n",
    "\"remote_data\":{\"a\":1},",
    "\"association_type\":\"x\",",
    "\"replace\":true,",
    "\u{202e}",
    "\u{fffd}",
    "\r\n",
    "[]=",
    "remote_query[a]=",
    "GMT",
    "9999",
    "-26",
    ": ",
];
