//! Look at printers, keep what was seen where asked, judge it.

mod found;
mod given;
mod plan;

use std::time::{Duration, Instant};

use anyhow::Result;
use leaksweep_engine::Swept;
use leaksweep_printer::{Crew, Options, Seen, many};

use super::{judging::Judging, kept::Kept};
use crate::{Found, arguments, failure::hint, progress};
use given::Given;

pub fn run(printer: &arguments::Printer) -> Result<Found> {
    let given = Given::new(printer)?;
    if printer.plan {
        return plan::show(&given);
    }
    let mut judging = Judging::prepare(&printer.judging)?;
    let kept = Kept::new(&printer.keeping, &printer.judging)?;
    let options = given.options()?;
    if options.len() > 1 && printer.keeping.target.is_some() {
        return Err(hint("--target names one printer, and these are several", "leave it out"));
    }
    let started = Instant::now();
    let mut seen = looked(printer.at_once.into(), &options);
    let reached = seen.iter().filter(|seen| seen.reached).count();
    say(&seen, reached, started.elapsed());
    if given.by_range {
        // An address at which nothing answers is no printer.
        seen.retain(|seen| seen.reached);
    }
    kept.save_all(seen.iter_mut().map(|seen| &mut seen.sweep))?;
    let zone = &printer.judging.zone;
    let swept = |seen: Seen| Swept { sweep: seen.sweep, zone: zone.clone() };
    judging.judge(seen.into_iter().map(swept).collect())?;
    let found = judging.report()?;
    if reached == 0 {
        let what = "is it on, and is its name or address right? the report says what was tried";
        return Err(hint("no printer answered", what));
    }
    Ok(found)
}

fn looked(at_once: usize, options: &[Options]) -> Vec<Seen> {
    let crew = Crew::new(at_once);
    let count = || (crew.done(), options.len());
    progress::of_counted("printers:", || many(&crew, options), count)
}

/// What was sent, in one line.
fn say(seen: &[Seen], reached: usize, took: Duration) {
    let sent: u64 = seen.iter().map(|seen| seen.sent).sum();
    let most = seen.iter().map(|seen| seen.sent).max().unwrap_or(0);
    if sent == 0 {
        return;
    }
    let each = if seen.len() > 1 { format!(", at most {most} to one") } else { String::new() };
    let seconds = took.as_secs_f64();
    eprintln!(
        "leaksweep: {reached} of {} printers answered in {seconds:.1} s; {sent} bytes were sent{each}",
        seen.len(),
    );
}
