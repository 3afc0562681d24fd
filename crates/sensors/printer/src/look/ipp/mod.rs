//! What a printer, or a queue of a print server, tells by IPP: who it is, by which ways it takes jobs and from whom, which jobs it has
//! and had, and what of its settings is an attribute.
//!
//! It is asked in the clear first and under TLS then, because whether the first is answered is a fact of its own.

mod attributes;
mod channels;
mod identity;
mod jobs;
pub mod message;
mod question;
mod recorded;
mod server;
mod settings;
mod talk;
#[cfg(test)]
mod tests;
mod told;
mod value;

pub use recorded::recorded;
pub use server::{QueueError, queues};
pub use value::Attribute;

use leaksweep_facts::{Problem, Reason, Time, tables::printer::Service};

use self::{
    attributes::Attributes,
    jobs::Asked,
    message::{Message, tag},
    talk::{Door, Refusal, Told},
};
use super::Context;
use crate::{Portrait, portrait::cut};

/// Get-System-Attributes, among the operations of a printer.
const SYSTEM_ATTRIBUTES: i32 = 0x005B;

pub fn look(context: &Context, portrait: &mut Portrait) {
    let mut best: Option<(Door, Told)> = None;
    let mut refusals = Vec::new();
    for (service, door) in doors(context, portrait) {
        let outcome = talk::attributes(context, door);
        note(context, service, door, &outcome, portrait);
        match outcome {
            Ok(told) if best.as_ref().is_none_or(|(_, best)| !best.has(tag::PRINTER)) => {
                best = Some((door, told));
            }
            Ok(_) => {}
            Err(refusal) => refusals.push((door, refusal)),
        }
    }
    match best {
        Some((door, told)) if told.has(tag::PRINTER) => all(context, door, &told, portrait),
        Some((door, told)) => nobody(door, &told, portrait),
        None => silent(&refusals, portrait),
    }
}

/// Where IPP may be spoken: at its own port, both ways; else at those of the web pages.
fn doors(context: &Context, portrait: &Portrait) -> Vec<(&'static str, Door)> {
    let ports = context.wire.ports();
    let own = ports.of("ipp");
    let mut doors = Vec::new();
    if portrait.is_open(own) {
        doors.push(("ipp", Door { port: own, tls: false }));
        if takes_tls(own, portrait) {
            doors.push(("ipps", Door { port: own, tls: true }));
        }
        return doors;
    }
    if portrait.is_open(ports.of("https")) && takes_tls(ports.of("https"), portrait) {
        doors.push(("ipps", Door { port: ports.of("https"), tls: true }));
    }
    if portrait.is_open(ports.of("http")) {
        doors.push(("ipp", Door { port: ports.of("http"), tls: false }));
    }
    doors
}

fn takes_tls(port: u16, portrait: &Portrait) -> bool {
    let taken = |row: &Service| row.port == i64::from(port) && row.tls_highest.is_some();
    portrait.services.iter().any(taken)
}

/// How the service showed itself.
fn note(
    context: &Context,
    service: &str,
    door: Door,
    outcome: &Result<Told, Refusal>,
    portrait: &mut Portrait,
) {
    let elsewhere = door.port != context.wire.ports().of("ipp");
    // At a port of web pages nobody misses it.
    if elsewhere && outcome.is_err() {
        return;
    }
    let subject = subject(door);
    // Who speaks TLS there may well hang up without it.
    let hung_up =
        |refusal: &Refusal| !door.tls && refusal.is_foreign() && takes_tls(door.port, portrait);
    if let Err(refusal @ Refusal::Failed(error)) = outcome
        && !hung_up(refusal)
    {
        let problem = error.problem("printer_services", subject);
        let columns = &["speaks", "encrypted", "authentication", "version"];
        return portrait.problems.push(problem.in_columns(columns));
    }
    let row = row(service, door, portrait);
    match outcome {
        Ok(told) => {
            row.speaks = Some(true);
            row.encrypted = Some(door.tls);
            row.authentication = Some("none".into());
            row.version = Some(version(&told.message));
            row.banner = told.server.as_deref().map(cut);
        }
        Err(Refusal::Password) => {
            row.speaks = Some(true);
            row.encrypted = Some(door.tls);
            row.authentication = Some("password".into());
        }
        Err(refusal) => {
            row.speaks = Some(false);
            row.banner = Some(cut(&refusal.to_string()));
        }
    }
}

fn row<'a>(service: &str, door: Door, portrait: &'a mut Portrait) -> &'a mut Service {
    let port = i64::from(door.port);
    let is = |row: &Service| row.service == service && row.port == port;
    let at = portrait.services.iter().position(is).unwrap_or_else(|| {
        portrait.services.push(Service {
            port,
            transport: "tcp".into(),
            service: service.into(),
            reach: "open".into(),
            ..Service::default()
        });
        portrait.services.len() - 1
    });
    &mut portrait.services[at]
}

/// The highest that it names, or that of its answer.
fn version(message: &Message) -> String {
    let groups = message.of(tag::PRINTER);
    let named = groups.flat_map(|group| {
        Attributes(&group.attributes).texts("ipp-versions-supported").map(str::to_owned)
    });
    let (major, minor) = message.version;
    named.max().map_or_else(|| format!("{major}.{minor}"), |version| cut(&version))
}

fn all(context: &Context, door: Door, told: &Told, portrait: &mut Portrait) {
    learn(&told.message, told.flaw.clone(), &subject(door), Asked::OF_RECORDING, portrait);
    for (which, state) in [("not-completed", "pending"), ("completed", "completed")] {
        match talk::jobs(context, door, told, which) {
            Ok(jobs) => {
                let asked = Asked { state, now: Some(Time::now()) };
                learn(&jobs.message, jobs.flaw, &subject(door), asked, portrait);
            }
            // Who tells nobody of jobs has none to tell of.
            Err(Refusal::Password | Refusal::Status(401 | 403)) => {}
            Err(refusal) => missing("printer_jobs", door, &refusal, portrait),
        }
    }
    if offers_system(&told.message) {
        match talk::system(context, door) {
            Ok(system) => {
                learn(&system.message, system.flaw, &subject(door), Asked::OF_RECORDING, portrait);
            }
            Err(refusal) => missing("printer_devices", door, &refusal, portrait),
        }
    }
}

fn offers_system(message: &Message) -> bool {
    message.of(tag::PRINTER).any(|group| {
        let attributes = Attributes(&group.attributes);
        let operations = attributes.all("operations-supported").iter();
        operations.filter_map(value::Value::integer).any(|number| number == SYSTEM_ATTRIBUTES)
            || attributes.texts("ipp-features-supported").any(|word| word == "system-service")
    })
}

/// What one message tells.
fn learn(
    message: &Message,
    flaw: Option<(Reason, String)>,
    subject: &str,
    asked: Asked,
    portrait: &mut Portrait,
) {
    let mut of_jobs = false;
    for group in &message.groups {
        let attributes = Attributes(&group.attributes);
        match group.tag {
            tag::PRINTER | tag::SYSTEM => printer(attributes, portrait),
            tag::JOB => {
                of_jobs = true;
                jobs::learn(attributes, asked, portrait);
            }
            _ => {}
        }
    }
    if let Some((reason, flaw)) = flaw {
        let table = if of_jobs { "printer_jobs" } else { "printer_channels" };
        portrait.problems.push(Problem::new(table, subject, reason, flaw));
    }
}

fn printer(attributes: Attributes, portrait: &mut Portrait) {
    channels::learn(attributes, portrait);
    let mut told = told::Told { attributes, portrait };
    identity::learn(&mut told);
    settings::learn(&mut told);
}

/// IPP is spoken, and of no printer.
fn nobody(door: Door, told: &Told, portrait: &mut Portrait) {
    let what = format!("it speaks IPP and tells of no printer: status 0x{:04X}", told.message.code);
    for table in ["printer_channels", "printer_jobs"] {
        let problem = Problem::new(table, subject(door), Reason::Failed, &what);
        let hint =
            "a print server: name a queue as in ipp://HOST/printers/NAME, or all with cups://HOST";
        portrait.problems.push(problem.hint(hint));
    }
}

/// Nothing came where something should.
fn silent(refusals: &[(Door, Refusal)], portrait: &mut Portrait) {
    for (door, refusal) in refusals.iter().take(1) {
        for table in ["printer_channels", "printer_jobs"] {
            missing(table, *door, refusal, portrait);
        }
    }
}

fn missing(table: &'static str, door: Door, refusal: &Refusal, portrait: &mut Portrait) {
    let reason = match refusal {
        Refusal::Failed(error) => error.reason(),
        Refusal::Password => Reason::Denied,
        _ => Reason::Failed,
    };
    let problem = Problem::new(table, subject(door), reason, format!("IPP: {refusal}"));
    portrait.problems.push(problem.hint(""));
}

fn subject(door: Door) -> String {
    format!("tcp {}{}", door.port, if door.tls { " under TLS" } else { "" })
}
