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
    let reached = seen.iter().any(|seen| seen.reached);
    let printers = seen.iter().filter(|seen| seen.printer).count();
    say(&seen, printers, started.elapsed());
    if given.by_range {
        // In a range stand other machines too, and at most addresses nothing.
        seen.retain(|seen| seen.printer);
    }
    kept.save_all(seen.iter_mut().map(|seen| &mut seen.sweep))?;
    let zone = &printer.judging.zone;
    let swept = |seen: Seen| Swept { sweep: seen.sweep, zone: zone.clone() };
    judging.judge(seen.into_iter().map(swept).collect())?;
    let found = judging.report()?;
    match (printers, reached) {
        (1.., _) => Ok(found),
        (0, true) => Err(hint("nothing that was answered shows a printer", WRONG)),
        (0, false) => Err(hint("no printer answered", WRONG)),
    }
}

const WRONG: &str = "is it on, and is its name or address right? the report says what was tried";

fn looked(at_once: usize, options: &[Options]) -> Vec<Seen> {
    let crew = Crew::new(at_once);
    let count = || (crew.done(), options.len());
    progress::of_counted("printers:", || many(&crew, options), count)
}

/// What was sent, in one line.
fn say(seen: &[Seen], printers: usize, took: Duration) {
    let sent: u64 = seen.iter().map(|seen| seen.sent).sum();
    let most = seen.iter().map(|seen| seen.sent).max().unwrap_or(0);
    if sent == 0 {
        return;
    }
    let each = if seen.len() > 1 { format!(", at most {most} to one") } else { String::new() };
    let seconds = took.as_secs_f64();
    eprintln!(
        "leaksweep: {printers} of {} answered as printers do in {seconds:.1} s; {sent} bytes were sent{each}",
        seen.len(),
    );
}
