//! Every measure, and the checks that decide it.

use anyhow::Result;
use leaksweep_facts::measure;

use crate::{Found, console, inputs};

pub fn run() -> Result<Found> {
    let library = inputs::library(&[])?;
    console::deliver(None, |sink| {
        for measure in measure::all().iter() {
            writeln!(sink, "{}  {}", measure.id, measure.title)?;
            for (standard, controls) in measure.mappings() {
                writeln!(sink, "    {standard}: {}", controls.join(", "))?;
            }
            let serves =
                |check: &&leaksweep_engine::Check| check.page.measures.contains(&measure.id);
            let mut checks = library.checks.iter().filter(serves).peekable();
            if checks.peek().is_none() {
                let deciders = measure.decided_by.join(", ");
                writeln!(sink, "    no check yet (to be decided by: {deciders})")?;
            }
            for check in checks {
                writeln!(sink, "    {}: {}", check.page.id, check.page.title)?;
            }
        }
        Ok(())
    })?;
    Ok(Found::Nothing)
}
