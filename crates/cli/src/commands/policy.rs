//! The policy: a file to start from, and which one counts.

use std::{io, path::Path};

use anyhow::{Context, Result};
use leaksweep_engine::policy::TEMPLATE;
use leaksweep_facts::output::{self, Readers};

use crate::{Found, arguments::Policy, console, failure::hint, inputs};

pub fn run(policy: &Policy) -> Result<Found> {
    match policy {
        Policy::Init { file } => init(file),
        Policy::Show { policy } => show(policy.as_deref()),
    }
}

fn init(file: &Path) -> Result<Found> {
    match output::create(file, TEMPLATE.as_bytes(), Readers::Everyone) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(hint(
            format!("{} is there already", file.display()),
            "a policy is never overwritten; name another file",
        )),
        other => {
            other.with_context(|| format!("cannot write {}", file.display()))?;
            console::say(format_args!(
                "{}: every line is explained; `leaksweep policy show` checks it",
                file.display()
            ))?;
            Ok(Found::Nothing)
        }
    }
}

fn show(named: Option<&Path>) -> Result<Found> {
    let policy = inputs::policy(named)?;
    match &policy.path {
        Some(path) => console::say(path.display())?,
        None => console::say("no policy file was found: the built-in policy counts")?,
    }
    for rule in &policy.zones {
        let zone = &rule.zone;
        let yes = |allowed: bool| if allowed { "yes" } else { "no" };
        console::say(format_args!(
            "zone {}: network {}, remote tools {}, removable media {}, updated within {} days, firmware of printers within {} days, wiped to {}; targets: {}",
            zone.zone,
            yes(zone.network),
            yes(zone.remote_tools),
            yes(zone.removable_media),
            zone.update_days,
            zone.firmware_days,
            zone.wipe,
            if rule.targets.is_empty() { "none named".into() } else { rule.targets.join(", ") },
        ))?;
    }
    console::say(format_args!(
        "{} listeners, {} remote tools, {} administrators, {} log-in hours, {} rules on firmware, {} publishers, {} vendors, {} origins, {} exceptions, {} sweep keys",
        policy.listeners.len(),
        policy.remote_tools.len(),
        policy.administrators.len(),
        policy.log_in_hours.len(),
        policy.printer_firmware.len(),
        policy.publishers.len(),
        policy.vendors.len(),
        policy.origins.len(),
        policy.exceptions.len(),
        policy.sweep_keys.len(),
    ))?;
    Ok(Found::Nothing)
}
