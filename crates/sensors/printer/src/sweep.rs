//! One sweep of one printer: each way of looking in its turn, over one wire, into one portrait.

use leaksweep_facts::{
    Manifest, Problem, Reason, Sweep, Time,
    sweep::{Extent, FORMAT},
    tables::printer::Device,
};

use crate::{
    Options, Portrait, Recorded, Source, Target, Topic,
    look::{self, Context},
    statements,
    wire::{self, Wire},
};

/// Looks at one printer. It never fails as a whole: a printer that cannot be reached is a sweep that says so.
pub fn sweep(options: &Options) -> Sweep {
    let started = Time::now();
    let mut portrait = Portrait::default();
    let (place, looks) = match &options.source {
        Source::Live(target) => live(options, target, &mut portrait),
        Source::Recorded(recorded) => (from_recorded(recorded, &mut portrait), Vec::new()),
    };
    let name = options.name.clone().unwrap_or_else(|| place.host.clone());
    statements::apply(options, &name, started, &mut portrait);
    portrait.name_the_unknown(&name);
    let mut sweep = Sweep::new(manifest(options, name, &portrait, started));
    portrait.record(place, looks, &mut sweep);
    sweep.manifest.ended = Time::now();
    sweep
}

fn live(
    options: &Options,
    target: &Target,
    portrait: &mut Portrait,
) -> (Device, Vec<leaksweep_facts::tables::printer::Look>) {
    let form = if target.is_queue() { "queue" } else { "device" };
    let mut place = Device { host: target.name(), form: form.into(), ..Device::default() };
    let address = match wire::resolve(&target.host) {
        Ok(address) => address,
        Err(error) => {
            portrait.problems.push(unresolved(target, &error));
            return (place, Vec::new());
        }
    };
    place.address = Some(address.to_string());
    let wire = Wire::new(address, options.ports.clone(), options.plan.clone(), options.patience);
    look::all(&Context { wire: &wire, target, options }, portrait);
    place.sent_bytes = i64::try_from(wire.sent()).unwrap_or(i64::MAX);
    place.received_bytes = i64::try_from(wire.received()).unwrap_or(i64::MAX);
    (place, wire.looks())
}

fn unresolved(target: &Target, error: &std::io::Error) -> Problem {
    let detail = format!("the name has no address: {error}");
    Problem::new("printer_devices", &target.host, Reason::Failed, detail)
        .hint("name the printer by its address")
        .in_columns(&["reached"])
}

fn from_recorded(recorded: &Recorded, portrait: &mut Portrait) -> Device {
    portrait.reached = true;
    look::recorded(recorded, portrait);
    portrait.problems.extend(LIVE_ALONE.iter().map(|table| recorded_lacks(table)));
    let first = recorded.walks.iter().chain(&recorded.answers).next();
    let host = first.map(|(name, _)| name.clone()).unwrap_or_default();
    Device { host, form: "recorded".into(), ..Device::default() }
}

/// Tables that only looking at a printer fills: no recorded answer tells what else is open.
const LIVE_ALONE: &[&str] = &["printer_services", "printer_certificates", "printer_pages"];

fn recorded_lacks(table: &'static str) -> Problem {
    Problem::new(table, "recorded answers", Reason::NotLive, "recorded answers do not tell it")
        .hint("sweep the printer itself from a machine that reaches it")
}

fn manifest(options: &Options, target: String, portrait: &Portrait, started: Time) -> Manifest {
    Manifest {
        format: FORMAT,
        tool_version: env!("CARGO_PKG_VERSION").into(),
        sensor: "printer".into(),
        target,
        machine_id: portrait.text(Topic::Serial).or_else(|| portrait.text(Topic::Uuid)),
        platform: None,
        started,
        ended: started,
        privileged: true,
        live: matches!(options.source, Source::Live(_)),
        extent: Extent::default(),
        parts: Vec::new(),
    }
}
