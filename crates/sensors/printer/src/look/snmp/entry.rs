//! By which doors a printer lets anybody, or the user that was named, read: a row of `printer_services` for each.
//!
//! An engine of version 3 tells its id to anybody. That is no reading: the row says that it speaks v3, and nothing of what it demanded
//! (`authentication` is null) until a user got in.

use leaksweep_facts::tables::printer::Service;

use super::{
    access::{Access, AskError, Asker, Session},
    message::{Answer, Kind, community::Version},
    nothing_listed,
    oid::Oid,
    system::IDENTITY,
};
use crate::{
    Portrait,
    options::{Snmp, User},
    wire::WireError,
};

/// What every printer out of the box lets read.
const WELL_KNOWN: &str = "public";

/// What a row lacks whose door answered and let nobody in.
const OF_ACCESS: &[&str] = &["authentication", "encrypted"];

/// A door that is open, and what it answered.
pub struct Door {
    pub access: Access,
    pub answer: Answer,
}

/// Tries all of them, and gives the best: a user, v2c, v1.
pub fn try_doors(
    asker: &mut Asker,
    port: u16,
    snmp: &Snmp,
    portrait: &mut Portrait,
) -> Option<Door> {
    let mut doors = Vec::new();
    let named = snmp.community.as_deref().filter(|community| *community != WELL_KNOWN);
    let words =
        [(WELL_KNOWN, "community")].into_iter().chain(named.map(|word| (word, "named-community")));
    for (word, called) in words {
        for version in [Version::V2c, Version::V1] {
            let mut access = Access::Community(version, word.to_owned());
            let asked = asker.ask(&mut access, Kind::Get, identity());
            let mut row = row(port, version.as_str(), &asked);
            if asked.is_ok() {
                row.authentication = Some(called.into());
                row.encrypted = Some(false);
            }
            if !note(row, &asked, portrait) {
                return None;
            }
            // Whoever lost no datagram at the first door loses none at the next, and who is silent costs little.
            asker.repeats(false);
            doors.extend(asked.ok().map(|answer| Door { access, answer }));
        }
    }
    let user = try_version_3(asker, port, snmp.user.as_ref(), portrait);
    let best = user.or_else(|| doors.into_iter().reduce(better));
    if best.is_none() {
        let subject = format!("udp {port}");
        portrait
            .problems
            .push(nothing_listed(subject, "the printer lets nobody read by SNMP, or is silent"));
    }
    best
}

fn better(one: Door, other: Door) -> Door {
    if other.access.is_modern() && !one.access.is_modern() { other } else { one }
}

fn identity() -> Vec<Oid> {
    IDENTITY.iter().map(|oid| Oid::from(*oid)).collect()
}

fn try_version_3(
    asker: &mut Asker,
    port: u16,
    user: Option<&User>,
    portrait: &mut Portrait,
) -> Option<Door> {
    asker.repeats(user.is_some());
    let engine = Session::discover(asker);
    asker.repeats(true);
    let row = row(port, "v3", &engine);
    if !note(row, &engine, portrait) {
        return None;
    }
    let subject = || format!("udp {port} v3");
    let opened = Session::new(user?, engine.ok()?).and_then(|session| {
        let mut access = Access::User(Box::new(session));
        let answer = asker.ask(&mut access, Kind::Get, identity())?;
        Ok(Door { access, answer })
    });
    match opened {
        Ok(door) => {
            if let (Access::User(session), Some(row)) = (&door.access, portrait.services.last_mut())
            {
                row.encrypted = Some(session.seals());
                row.authentication = Some(if session.signs() { "password" } else { "none" }.into());
            }
            Some(door)
        }
        Err(error) => {
            let problem = error.problem("printer_services", subject());
            portrait.problems.push(problem.in_columns(OF_ACCESS));
            None
        }
    }
}

fn row<T>(port: u16, version: &str, asked: &Result<T, AskError>) -> Service {
    let reach = match asked {
        Ok(_) | Err(AskError::Garbled(_) | AskError::Refused(_)) => "open",
        Err(AskError::Wire(WireError::Closed)) => "closed",
        Err(_) => "silent",
    };
    Service {
        port: port.into(),
        transport: "udp".into(),
        service: "snmp".into(),
        reach: reach.into(),
        speaks: (reach == "open").then_some(asked.is_ok()),
        version: Some(version.into()),
        ..Service::default()
    }
}

/// Whether it makes sense to try another door.
fn note<T>(row: Service, asked: &Result<T, AskError>, portrait: &mut Portrait) -> bool {
    let subject = format!("udp {} {}", row.port, row.version.as_deref().unwrap_or_default());
    match asked {
        Ok(_) => {}
        Err(AskError::Wire(WireError::Silent)) => {}
        Err(AskError::Wire(WireError::Closed)) => {
            portrait.services.push(row);
            return false;
        }
        Err(error) => {
            let problem = error.problem("printer_services", subject);
            // Nothing was asked, or nothing can be: there is no row of it.
            let rowless = matches!(error, AskError::Wire(_) | AskError::Spent);
            let columns = if rowless { &[] } else { OF_ACCESS };
            portrait.problems.push(problem.in_columns(columns));
            if rowless {
                return !matches!(
                    error,
                    AskError::Wire(WireError::Unreachable(_) | WireError::Late) | AskError::Spent
                );
            }
        }
    }
    portrait.services.push(row);
    true
}
