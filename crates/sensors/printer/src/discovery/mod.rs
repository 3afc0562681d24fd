//! Which printers and scanners there are on a network interface that the user named: one question by multicast DNS and two by
//! WS-Discovery, over IPv4 and IPv6, each sent once. Who does not answer in time is not found; nothing is scanned.
//!
//! Limits: what `wire::multicast` takes, 1024 printers.

pub mod dns;
mod services;
mod told;

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    time::Duration,
};

use leaksweep_facts::{Problem, Reason};

pub use told::{Found, Offer};

use crate::{
    look::wsd,
    plan::{Packet, Plan},
    wire::{
        Patience, WireError,
        multicast::{Group, Interface},
    },
};
use told::Gathered;

const MDNS: u16 = 5353;
const WSD: u16 = 3702;

/// The longest that answers are waited for: both standards let devices answer up to half a second late.
const LONGEST: Duration = Duration::from_secs(3);

/// Asks on one interface. What the plan does not name is not asked.
pub fn discover(interface: &str, plan: &Plan, patience: Patience) -> (Vec<Found>, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut gathered = Gathered::default();
    match Interface::named(interface) {
        Ok(way) => {
            let ports = Ports { mdns: MDNS, wsd: WSD };
            let asked = Asked { interface, way: &way, plan, wait: patience.idle.min(LONGEST) };
            asked.all(ports, &mut gathered, &mut problems);
        }
        Err(error) => problems.push(
            problem(interface, Reason::of(&error), format!("no such network interface: {error}"))
                .hint("ip link shows their names"),
        ),
    }
    let (found, silent) = gathered.end();
    problems.extend(silent.into_iter().map(|name| {
        problem(&name, Reason::Unsupported, "it told no address at which it can be looked at")
    }));
    (found, problems)
}

fn problem(subject: &str, reason: Reason, detail: impl Into<String>) -> Problem {
    Problem::new("printer_devices", subject, reason, detail)
}

#[derive(Clone, Copy)]
struct Ports {
    mdns: u16,
    wsd: u16,
}

struct Asked<'a> {
    interface: &'a str,
    way: &'a Interface,
    plan: &'a Plan,
    wait: Duration,
}

impl Asked<'_> {
    /// Both families and both protocols at once, because all the time is spent waiting.
    fn all(&self, ports: Ports, gathered: &mut Gathered, problems: &mut Vec<Problem>) {
        let outcomes = std::thread::scope(|scope| {
            let asked: Vec<_> = groups(ports)
                .into_iter()
                .map(|group| scope.spawn(move || self.ask(&group)))
                .collect();
            asked.into_iter().filter_map(|thread| thread.join().ok()).collect::<Vec<_>>()
        });
        let mut failed = Vec::new();
        for (answers, outcome) in outcomes {
            answers.into_iter().for_each(|answer| gathered.take(answer));
            failed.extend(outcome.err());
        }
        // An interface without addresses of one family is asked over the other.
        let wanted = |error: &WireError| !matches!(error, WireError::Unplanned(_));
        let all = failed.len() == groups(ports).len();
        for error in failed.iter().filter(|error| wanted(error)) {
            if all || !matches!(error, WireError::Unreachable(_) | WireError::Broken(_)) {
                problems.push(error.problem("printer_devices", self.interface));
            }
        }
    }

    fn ask(&self, group: &Group) -> (Vec<told::Answer>, Result<(), WireError>) {
        let mut answers = Vec::new();
        let outcome = match group.packet {
            Packet::MdnsQuestion => {
                let question = dns::question(0, services::TYPES);
                self.way.ask(self.plan, group, &question, self.wait, |from, bytes| {
                    answers.push(told::Answer::Records(from.ip(), dns::records(bytes)));
                })
            }
            _ => self.probe(group, &mut answers),
        };
        (answers, outcome)
    }

    fn probe(&self, group: &Group, answers: &mut Vec<told::Answer>) -> Result<(), WireError> {
        for sought in [wsd::Sought::Printers, wsd::Sought::Scanners] {
            let message = wsd::message_id();
            let question = wsd::probe(&message, sought);
            self.way.ask(self.plan, group, &question, self.wait / 2, |from, bytes| {
                let devices = wsd::matches(bytes, &message).unwrap_or_default();
                answers.push(told::Answer::Devices(from.ip(), devices));
            })?;
        }
        Ok(())
    }
}

fn groups(ports: Ports) -> [Group; 4] {
    let four = |last| IpAddr::V4(last);
    let six = |last| IpAddr::V6(Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, last));
    let group = |address, port, packet| Group { address, port, packet };
    [
        group(four(Ipv4Addr::new(224, 0, 0, 251)), ports.mdns, Packet::MdnsQuestion),
        group(six(0xfb), ports.mdns, Packet::MdnsQuestion),
        group(four(Ipv4Addr::new(239, 255, 255, 250)), ports.wsd, Packet::WsdQuestion),
        group(six(0x0c), ports.wsd, Packet::WsdQuestion),
    ]
}

#[cfg(test)]
mod tests;
