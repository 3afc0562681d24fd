//! Wipe media, prove it, certify it.

mod before;
mod candidate;
mod many;
mod plan;
mod remember;
mod store;
mod swept;
mod teller;
mod verify;

use anyhow::{Result, bail};

use crate::{
    Found,
    arguments::{Wipe, WipeCommand},
};

pub fn run(wipe: &Wipe) -> Result<Found> {
    match &wipe.command {
        None => many::run(wipe),
        Some(WipeCommand::Plan { device, technique }) => plan::run(device, technique),
        Some(WipeCommand::Verify(reading)) => verify::run(reading),
        Some(WipeCommand::Remember { device, image, output }) => {
            remember::run(device, *image, output)
        }
    }
}

/// The machine that does it.
fn tool() -> leaksweep_facts::certificate::Tool {
    let word = |path: &str| {
        let text = std::fs::read_to_string(path).ok()?;
        let word: String =
            text.trim().chars().filter(|letter| !letter.is_control()).take(256).collect();
        (!word.is_empty()).then_some(word)
    };
    leaksweep_facts::certificate::Tool {
        name: "leaksweep".into(),
        version: env!("CARGO_PKG_VERSION").into(),
        machine: word("/proc/sys/kernel/hostname").unwrap_or_else(|| "unknown".into()),
        machine_serial: word("/sys/class/dmi/id/product_serial"),
    }
}

/// A read-back that found something is no success.
fn found(result: leaksweep_facts::certificate::Outcome) -> Found {
    match result {
        leaksweep_facts::certificate::Outcome::Wiped => Found::Nothing,
        _ => Found::Something,
    }
}

fn only_one(devices: &[std::path::PathBuf]) -> Result<()> {
    let mut seen: Vec<&std::path::PathBuf> = devices.iter().collect();
    seen.sort();
    seen.dedup();
    if seen.len() != devices.len() {
        bail!("a device is named twice");
    }
    Ok(())
}
