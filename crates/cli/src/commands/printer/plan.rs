//! What would be sent, to whom, and nothing is sent.

use anyhow::Result;
use leaksweep_printer::{Target, wire::MOST_SENT};
use leaksweep_report::safe_text;

use super::given::Given;
use crate::{Found, console};

/// Targets that are named one by one.
const NAMED: usize = 20;

pub fn show(given: &Given) -> Result<Found> {
    let names: Vec<String> = given.targets.iter().map(Target::name).collect();
    let interfaces = given.arguments.discover.iter();
    let found = interfaces.map(|interface| format!("whoever answers on {interface}"));
    let names: Vec<String> = names.into_iter().chain(found).collect();
    console::deliver(None, |sink| {
        if names.is_empty() {
            return writeln!(sink, "Recorded answers alone: nothing is sent.");
        }
        for name in names.iter().take(NAMED) {
            writeln!(sink, "{}", safe_text::visible(name))?;
        }
        if names.len() > NAMED {
            writeln!(sink, "and {} more", names.len() - NAMED)?;
        }
        writeln!(sink, "\nTo each of them, and nothing else:\n")?;
        for line in given.plan.lines() {
            writeln!(sink, "  {:<17} {}", line.name, line.what)?;
            writeln!(sink, "  {:<17} {}; {}", "", line.port, line.when)?;
        }
        writeln!(
            sink,
            "\nAt most {MOST_SENT} bytes to each. Nothing is printed, set or deleted. --port looks for a service elsewhere."
        )
    })?;
    Ok(Found::Nothing)
}
