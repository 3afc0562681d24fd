//! How many files are found in bytes that are nothing but chance, and how fast: `chance GIGABYTES [SEED]`.
//! The bytes are made as they are read, by counting: nothing is stored.

use std::{
    process::ExitCode,
    sync::atomic::AtomicU64,
    time::{Duration, Instant},
};

use leaksweep_storage::{
    Bytes, formats,
    marks::Words,
    recovery::{Allowance, Faults, Recovery},
    triage::{Pass, State, Suspects},
};

/// Eight bytes for each number, drawn by SplitMix64.
struct Chance {
    seed: u64,
    bytes: u64,
}

impl Chance {
    fn word(&self, number: u64) -> [u8; 8] {
        let mut word = (self.seed.wrapping_add(number)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (word ^ (word >> 31)).to_le_bytes()
    }
}

impl Bytes for Chance {
    fn len(&self) -> u64 {
        self.bytes
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> usize {
        let count = self.bytes.saturating_sub(at).min(into.len() as u64) as usize;
        let skip = (at % 8) as usize;
        let (head, rest) = into[..count].split_at_mut(((8 - skip) % 8).min(count));
        head.copy_from_slice(&self.word(at / 8)[skip % 8..][..head.len()]);
        let first = at.div_ceil(8);
        for (number, piece) in (first..).zip(rest.chunks_mut(8)) {
            piece.copy_from_slice(&self.word(number)[..piece.len()]);
        }
        count
    }
}

fn main() -> ExitCode {
    let mut numbers = std::env::args().skip(1).map(|number| number.parse::<u64>());
    let (Some(Ok(gigabytes)), seed) = (numbers.next(), numbers.next()) else {
        eprintln!("usage: chance GIGABYTES [SEED]");
        return ExitCode::from(2);
    };
    let seed = seed.and_then(Result::ok).unwrap_or(1) << 40;
    let medium = Chance { seed, bytes: gigabytes * 1_000_000_000 };
    let (words, _) = Words::new(&[]);
    let confirm = |needle: usize, before: &[u8], rest: &[u8]| words.confirm(needle, before, rest);
    let formats: Vec<_> = formats::all().collect();
    let suspects = Suspects::new(formats.clone(), words.needles(), &confirm);
    let progress = AtomicU64::new(0);
    let begun = Instant::now();
    let pass =
        Pass { medium: &medium, suspects: &suspects, watch: None, keep: None, progress: &progress };
    let state = pass.run(State::default());
    let read = begun.elapsed().as_secs_f64();
    let (candidates, hits) = (state.sights.candidates.len(), state.sights.hits.len());
    println!("{gigabytes} GB in {read:.1} s: {candidates} candidates, {hits} words");
    let (faults, allowance) = (Faults::default(), Allowance::of(medium.bytes, formats.len()));
    let deadline = Instant::now() + Duration::from_secs(60);
    let recovery = Recovery {
        medium: &medium,
        formats: &formats,
        progress: &progress,
        faults: &faults,
        allowance: &allowance,
        deadline,
    };
    let finds = recovery.run(Vec::new(), state.sights.candidates, &|_| 4096, &|_| false);
    for find in &finds {
        println!(
            "{} at {:?}, {} bytes, {:?}",
            find.kind.name,
            find.start(),
            find.bytes,
            find.proof()
        );
    }
    println!("{} finds in {:.1} s more", finds.len(), begun.elapsed().as_secs_f64() - read);
    ExitCode::SUCCESS
}
