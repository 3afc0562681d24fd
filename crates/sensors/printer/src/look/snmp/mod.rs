//! What a printer tells by SNMP v1, v2c and v3, to anybody and to a user that was named. Questions only: there is no way to write one that
//! sets anything.
//!
//! The doors are tried first (`entry`), each a row of `printer_services`; then the objects that matter are gathered through the best of them
//! (`gather`) into a `walk`, or a walk is read from a file (`recorded`); `facts` reads everything else out of it.

mod access;
mod entry;
mod facts;
mod gather;
pub(crate) mod message;
mod oid;
pub(crate) mod recorded;
mod system;
mod value;
mod walk;

use leaksweep_facts::{Problem, Reason};

use self::access::Asker;
use super::Context;
use crate::{Portrait, Recorded};

pub fn look(context: &Context, portrait: &mut Portrait) {
    let port = context.wire.ports().of("snmp");
    let way = match context.wire.datagrams(port) {
        Ok(way) => way,
        Err(error) => {
            return portrait
                .problems
                .push(error.problem("printer_services", format!("udp {port}")));
        }
    };
    let mut asker = Asker::new(&way, context.options.patience.idle);
    let door = entry::try_doors(&mut asker, port, &context.options.snmp, portrait);
    if let Some(door) = door {
        portrait.reached = true;
        let gathered = gather::gather(&mut asker, door);
        portrait.problems.extend(gathered.problems);
        facts::tell(&gathered.walk, portrait);
    }
}

/// Walks that the user brought.
pub fn recorded(recorded: &Recorded, portrait: &mut Portrait) {
    for (name, bytes) in &recorded.walks {
        let read = recorded::read(bytes);
        portrait.problems.extend(read.problem(name));
        facts::tell(&read.walk, portrait);
    }
}

/// Everything that a walk out of a file tells, for the fuzz targets.
pub(crate) fn tell(read: &recorded::Read) {
    let _ = read.problem("seed");
    facts::tell(&read.walk, &mut Portrait::default());
}

/// Stores that only SNMP lists may be missing.
fn nothing_listed(subject: String, detail: &str) -> Problem {
    Problem::new("printer_stores", subject, Reason::Failed, detail)
        .hint("give a community or a user of SNMP that the printer knows")
}

#[cfg(test)]
mod tests;
