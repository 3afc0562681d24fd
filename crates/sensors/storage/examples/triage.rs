//! The pass over every byte of a medium alone, for measurements. Usage: triage MEDIUM

use std::{process::ExitCode, sync::atomic::AtomicU64, time::Instant};

use leaksweep_storage::{
    formats,
    marks::Words,
    media::{self, Input},
    triage::{Pass, State, Suspects},
};

fn main() -> ExitCode {
    let Some(path) = std::env::args_os().nth(1) else {
        eprintln!("usage: triage MEDIUM");
        return ExitCode::from(2);
    };
    let medium = match media::open(&Input::new(path), &media::Options::default()) {
        Ok(medium) => medium,
        Err(error) => {
            eprintln!("triage: {error}");
            return ExitCode::from(2);
        }
    };
    let (words, _) = Words::new(&[]);
    let confirm = |needle: usize, before: &[u8], rest: &[u8]| words.confirm(needle, before, rest);
    let suspects = Suspects::new(formats::all().collect(), words.needles(), &confirm);
    let progress = AtomicU64::new(0);
    let begun = Instant::now();
    let pass =
        Pass { medium: &medium, suspects: &suspects, watch: None, keep: None, progress: &progress };
    let state = pass.run(State::default());
    let seconds = begun.elapsed().as_secs_f64();
    let (candidates, hits) = (state.sights.candidates.len(), state.sights.hits.len());
    println!("{} bytes in {seconds:.3} s, {candidates} candidates, {hits} words", state.done);
    ExitCode::SUCCESS
}
