//! One sweep of one printer: each way of looking in its turn, over one wire, into one portrait.

use leaksweep_facts::{
    Manifest, Problem, Reason, Sweep, TableDef, Time,
    sweep::{Extent, FORMAT, sha256},
    tables::printer::Device,
};

use crate::{
    Options, Portrait, Recorded, Source, Target, Topic,
    look::{self, Context},
    statements,
    wire::{self, Wire},
};

/// What came of looking at one printer.
#[derive(Debug)]
pub struct Seen {
    pub sweep: Sweep,
    /// Whether anything of it answered.
    pub reached: bool,
    /// Whether what was answered shows a printer.
    pub printer: bool,
    pub sent: u64,
    pub received: u64,
}

/// Looks at one printer. It never fails as a whole: a printer that cannot be reached is a sweep that says so.
pub fn sweep(options: &Options) -> Seen {
    let started = Time::now();
    let mut portrait = Portrait::default();
    let (place, looks) = match &options.source {
        Source::Live(target) => live(options, target, &mut portrait),
        Source::Recorded(recorded) => (from_recorded(recorded, &mut portrait), Vec::new()),
    };
    let place = Device { host: options.source.name(), ..place };
    let name = options.name.clone().unwrap_or_else(|| options.source.name());
    statements::apply(options, &name, started, &mut portrait);
    portrait.name_the_unknown(&name);
    let sweep = Sweep::new(manifest(options, name, &portrait, started));
    let mut seen = Seen {
        sweep,
        reached: portrait.reached,
        printer: portrait.shows_a_printer(),
        sent: looks.iter().map(|look| look.sent_bytes.unsigned_abs()).sum(),
        received: looks.iter().map(|look| look.received_bytes.unsigned_abs()).sum(),
    };
    portrait.record(place, looks, &mut seen.sweep);
    seen.sweep.manifest.ended = Time::now();
    seen
}

/// The sweep of a printer at which a fault of ours ended the work: nothing of it is known.
pub fn lost(options: &Options) -> Seen {
    let mut portrait = Portrait::default();
    let name = options.name.clone().unwrap_or_else(|| options.source.name());
    let tables = leaksweep_facts::tables::ALL.iter().filter(|table| table.sensor() == "printer");
    let fault = "a fault of leaksweep ended the look at it";
    let problem = |table: &TableDef| Problem::new(table.name, &name, Reason::Failed, fault);
    portrait.problems.extend(tables.map(problem));
    let mut sweep = Sweep::new(manifest(options, name, &portrait, Time::now()));
    sweep.report(&portrait.problems);
    Seen { sweep, reached: false, printer: false, sent: 0, received: 0 }
}

fn live(
    options: &Options,
    target: &Target,
    portrait: &mut Portrait,
) -> (Device, Vec<leaksweep_facts::tables::printer::Look>) {
    let form = if target.is_queue() { "queue" } else { "device" };
    let mut place = Device { form: form.into(), ..Device::default() };
    let address = match wire::resolve(&target.host) {
        Ok(address) => address,
        Err(error) => {
            portrait.problems.push(unresolved(target, &error));
            return (place, Vec::new());
        }
    };
    place.address = Some(address.to_string());
    let wire = Wire::new(
        address,
        options.ports.clone().named_by(target),
        options.plan.clone(),
        options.patience,
    );
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
    untried(recorded, portrait);
    Device { form: "recorded".into(), ..Device::default() }
}

/// Tables that recorded answers cannot fill.
fn untried(recorded: &Recorded, portrait: &mut Portrait) {
    let ports = ["printer_services", "printer_certificates", "printer_pages"].map(Some);
    let no_walk =
        ["printer_stores", "printer_parts"].map(|table| recorded.walks.is_empty().then_some(table));
    let no_answer = recorded.answers.is_empty().then_some("printer_jobs");
    for table in ports.into_iter().chain(no_walk).chain([no_answer]).flatten() {
        let detail = "no recorded answer can tell it";
        let problem = Problem::new(table, "recorded", Reason::NotLive, detail);
        let hint = "look at the printer itself, or give --snmp-walk and --ipp-answer together";
        portrait.problems.push(problem.hint(hint));
    }
}

fn manifest(options: &Options, target: String, portrait: &Portrait, started: Time) -> Manifest {
    Manifest {
        format: FORMAT,
        tool_version: env!("CARGO_PKG_VERSION").into(),
        sensor: "printer".into(),
        target,
        machine_id: identity(portrait),
        platform: None,
        started,
        ended: started,
        privileged: true,
        live: matches!(options.source, Source::Live(_)),
        extent: Extent::default(),
        parts: Vec::new(),
    }
}

/// Tells two printers of one name apart, and nothing else.
fn identity(portrait: &Portrait) -> Option<String> {
    let own = portrait.text(Topic::Serial).or_else(|| portrait.text(Topic::Uuid))?;
    Some(sha256(format!("leaksweep printer {own}").as_bytes()))
}
