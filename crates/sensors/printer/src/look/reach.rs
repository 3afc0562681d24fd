//! Which ports of a printer take a connection. No byte is sent. A few at a time: small printers drop more.

use std::{
    sync::{Mutex, PoisonError},
    thread,
};

use leaksweep_facts::tables::printer::Service;

use super::Context;
use crate::{Portrait, plan::Packet, wire::WireError};

const AT_ONCE: usize = 4;

pub fn look(context: &Context, portrait: &mut Portrait) {
    let ports: Vec<(&str, u16)> = context.wire.ports().by_connection().collect();
    let rows = Mutex::new(Vec::new());
    for few in ports.chunks(AT_ONCE) {
        thread::scope(|scope| {
            for &(service, port) in few {
                let rows = &rows;
                scope.spawn(move || {
                    let outcome = context.wire.line(port, Packet::Reach).map(drop);
                    rows.lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push((service, port, outcome));
                });
            }
        });
    }
    let mut rows = rows.into_inner().unwrap_or_else(PoisonError::into_inner);
    rows.sort_by_key(|(_, port, _)| *port);
    for (service, port, outcome) in rows {
        note(service, port, &outcome, portrait);
    }
}

fn note(service: &str, port: u16, outcome: &Result<(), WireError>, portrait: &mut Portrait) {
    let reach = match outcome {
        Ok(()) => "open",
        Err(WireError::Closed) => "closed",
        Err(WireError::Silent) => "silent",
        Err(error) => {
            let subject = format!("tcp {port}");
            return portrait.problems.push(error.problem("printer_services", subject));
        }
    };
    portrait.reached |= reach != "silent";
    portrait.services.push(Service {
        port: port.into(),
        transport: "tcp".into(),
        service: service.into(),
        reach: reach.into(),
        ..Service::default()
    });
}
