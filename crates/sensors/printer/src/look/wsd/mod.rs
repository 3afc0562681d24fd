//! WS-Discovery and the Devices Profile for Web Services: a Probe to this printer alone, and a Get of its description at the address
//! that it names, if that is its own.
//!
//! Limits: one Probe, one Get, 128 KiB; nothing is asked of an address on another host.

mod answers;
mod soap;

use std::time::Duration;

use leaksweep_facts::{
    Problem, Reason,
    tables::printer::{Channel, Service},
};

pub use answers::{Description, Hosted, Match, description, matches};
pub use soap::{Sought, message_id, probe};

use super::{Context, makers};
use crate::{
    Portrait, Topic, Way,
    http::{self, Content},
    plan::Packet,
    wire::WireError,
};

const MOST: usize = 128 << 10;
/// A device that has something to say says it at once, when it is asked alone.
const WAIT: Duration = Duration::from_millis(700);

pub fn look(context: &Context, portrait: &mut Portrait) {
    let port = context.wire.ports().of("wsd");
    let found = match ask(context, port) {
        Ok(found) => found,
        Err(error) => return unanswered(port, &error, portrait),
    };
    portrait.reached = true;
    portrait.services.push(Service { speaks: Some(true), ..row(port, "open") });
    for device in found {
        describe(context, &device, portrait);
    }
}

fn ask(context: &Context, port: u16) -> Result<Vec<Match>, WireError> {
    let message = message_id();
    let question = probe(&message, Sought::Device);
    let way = context.wire.datagrams(port)?;
    way.ask(Packet::WsdProbe, &question, WAIT, |answer| matches(answer, &message))
}

fn row(port: u16, reach: &str) -> Service {
    Service {
        port: port.into(),
        transport: "udp".into(),
        service: "wsd".into(),
        reach: reach.into(),
        ..Service::default()
    }
}

fn unanswered(port: u16, error: &WireError, portrait: &mut Portrait) {
    match error {
        WireError::Closed => portrait.services.push(row(port, "closed")),
        WireError::Silent => portrait.services.push(row(port, "silent")),
        WireError::Unplanned(_) => {}
        error => {
            portrait.problems.push(error.problem("printer_services", format!("udp {port}")));
        }
    }
}

fn describe(context: &Context, device: &Match, portrait: &mut Portrait) {
    let places = device.addresses.iter().map(|url| (url, http::place(context, url)));
    let Some(place) = places.clone().find_map(|(_, place)| place) else {
        for (url, _) in places.take(1) {
            portrait.problems.push(elsewhere(url));
        }
        return;
    };
    let subject = format!("tcp {}, {}", place.port, place.path);
    let question = soap::get(&message_id(), &device.endpoint);
    let content = Content { kind: "application/soap+xml; charset=utf-8", bytes: &question };
    let answer =
        http::post(context, place.port, place.tls, &place.path, Packet::WsdGet, MOST, &content);
    match answer {
        Ok(answer) if answer.status() == 200 => {
            tell(&description(&answer.body), place.tls, &subject, portrait);
        }
        Ok(answer) => {
            let detail = format!("its description was asked for and HTTP {} came", answer.status());
            portrait.problems.push(Problem::new(
                "printer_channels",
                subject,
                Reason::Failed,
                detail,
            ));
        }
        Err(error) => portrait.problems.push(error.problem("printer_channels", subject)),
    }
}

fn elsewhere(url: &str) -> Problem {
    let url = crate::portrait::cut(url);
    let detail = "it names an address that is not its own: nothing sent";
    Problem::new("printer_channels", url, Reason::Unsupported, detail)
}

fn tell(told: &Description, tls: bool, asked: &str, portrait: &mut Portrait) {
    for (topic, value) in [
        (Topic::Maker, &told.maker),
        (Topic::Name, &told.name),
        (Topic::Firmware, &told.firmware),
        (Topic::Serial, &told.serial),
        (Topic::PageOfPeople, &told.page),
    ] {
        if let Some(value) = value {
            portrait.learn(topic, value.as_str(), Way::Wsd, asked, value);
        }
    }
    if let Some(model) = &told.model {
        makers::learn_model(portrait, model, Way::Wsd, asked);
    }
    for service in &told.services {
        let is = |word: &str| service.types.iter().any(|kind| kind.contains(word));
        let kind = if is("Scan") { "scan" } else { "wsd" };
        portrait.channels.push(Channel {
            kind: kind.into(),
            name: crate::portrait::cut(service.types.join(" ").trim()),
            enabled: Some(true),
            encrypted: Some(tls),
            authentication: None,
            source: "wsd".into(),
        });
    }
}
