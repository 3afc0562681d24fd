//! What the answers tell together: one printer for each address, with everything that was said of it.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv6Addr},
};

use super::{
    dns::{Data, Record},
    services,
};
use crate::{Scheme, Target, look::wsd::Match, portrait::cut};

const MOST: usize = 1024;
const MOST_OFFERS: usize = 64;

/// One answer.
pub enum Answer {
    Records(IpAddr, Vec<Record>),
    Devices(IpAddr, Vec<Match>),
}

/// A service that a printer announces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// `ipp`, `ipps`, `raw`, `lpd`, `scan`, `escl`, `escls` or `wsd`.
    pub service: &'static str,
    /// Zero where none was told.
    pub port: u16,
    /// Its path or queue: the key `rp`.
    pub path: String,
}

/// A printer or scanner that announced itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub address: IpAddr,
    /// How it is called in the network: `printer.local`.
    pub host: Option<String>,
    /// Its own name.
    pub name: Option<String>,
    /// Its make and model: the key `ty`.
    pub model: Option<String>,
    /// Where it stands: the key `note`.
    pub note: Option<String>,
    pub offers: Vec<Offer>,
    /// `mdns` or `wsd`.
    pub way: &'static str,
}

impl Found {
    fn at(address: IpAddr, way: &'static str) -> Self {
        Self { address, host: None, name: None, model: None, note: None, offers: Vec::new(), way }
    }

    /// The printer as a target.
    pub fn target(&self) -> Target {
        Target {
            scheme: Scheme::Any,
            host: self.address.to_string(),
            port: None,
            path: String::new(),
        }
    }

    fn offer(&mut self, offer: Offer) {
        if self.offers.len() < MOST_OFFERS && !self.offers.contains(&offer) {
            self.offers.push(offer);
        }
    }
}

/// Everything that came, by address.
#[derive(Default)]
pub struct Gathered {
    found: BTreeMap<IpAddr, Found>,
    /// Those that told no address of use.
    silent: Vec<String>,
}

impl Gathered {
    pub fn take(&mut self, answer: Answer) {
        match answer {
            Answer::Records(from, records) => self.records(from, &records),
            Answer::Devices(from, devices) => {
                for device in devices.iter().filter(|device| !device.types.is_empty()) {
                    let path = device.addresses.first().map(|url| cut(url)).unwrap_or_default();
                    if let Some(found) = self.at(&[], from, "wsd", &device.endpoint) {
                        found.offer(Offer { service: "wsd", port: 0, path });
                    }
                }
            }
        }
    }

    /// What was found, and what could not be placed.
    pub fn end(self) -> (Vec<Found>, Vec<String>) {
        (self.found.into_values().collect(), self.silent)
    }

    fn records(&mut self, from: IpAddr, records: &[Record]) {
        let mut names: Vec<&str> = Vec::new();
        for record in records {
            let name = match &record.data {
                Data::Pointer(name) => name.as_str(),
                Data::Service { .. } => record.name.as_str(),
                _ => continue,
            };
            if services::instance(name).is_some() && !names.contains(&name) {
                names.push(name);
            }
        }
        for name in names {
            self.instance(name, from, records);
        }
    }

    fn instance(&mut self, name: &str, from: IpAddr, records: &[Record]) {
        let Some((label, kind)) = services::instance(name) else { return };
        let Some(service) = services::service(kind) else { return };
        let of = |wanted: &str| {
            let wanted = wanted.to_owned();
            records.iter().filter(move |record| record.name.eq_ignore_ascii_case(&wanted))
        };
        let place = of(name).find_map(|record| match &record.data {
            Data::Service { port, host } => Some((*port, host.clone())),
            _ => None,
        });
        let keys = of(name).find_map(|record| match &record.data {
            Data::Text(keys) => Some(keys.as_slice()),
            _ => None,
        });
        let key = |wanted: &str| {
            let found = keys?.iter().find(|(key, _)| key == wanted)?;
            Some(cut(&found.1)).filter(|value| !value.is_empty())
        };
        let (port, host) = place.map_or((0, None), |(port, host)| (port, Some(host)));
        let own = host.as_deref().map(|host| of(host).filter_map(address).collect::<Vec<_>>());
        let Some(found) = self.at(&own.unwrap_or_default(), from, "mdns", label) else { return };
        found.host = found.host.take().or(host.map(|host| cut(&host)));
        found.name = found.name.take().or(Some(cut(label)));
        found.model = found.model.take().or(key("ty"));
        found.note = found.note.take().or(key("note"));
        found.offer(Offer { service, port, path: key("rp").unwrap_or_default() });
    }

    /// The printer at the best of those addresses, or at the one from which it answered.
    fn at(
        &mut self,
        own: &[IpAddr],
        from: IpAddr,
        way: &'static str,
        name: &str,
    ) -> Option<&mut Found> {
        // A device in front of it may answer for it: its own word counts before the sender.
        let known = own.iter().find(|address| self.found.contains_key(address)).copied();
        let best = own.iter().copied().chain([from]).filter(is_reachable).min_by_key(rank);
        let Some(address) = known.or(best) else {
            let name = cut(name);
            if self.silent.len() < MOST && !self.silent.contains(&name) {
                self.silent.push(name);
            }
            return None;
        };
        if self.found.len() >= MOST && !self.found.contains_key(&address) {
            return None;
        }
        Some(self.found.entry(address).or_insert_with(|| Found::at(address, way)))
    }
}

fn address(record: &Record) -> Option<IpAddr> {
    match record.data {
        Data::Address(address) => Some(address),
        _ => None,
    }
}

/// IPv4 first: printers speak it best.
fn rank(address: &IpAddr) -> u8 {
    u8::from(address.is_ipv6())
}

/// An address of a single machine. One of a link alone says nothing without the name of the interface.
fn is_reachable(address: &IpAddr) -> bool {
    let nobody = address.is_unspecified() || address.is_multicast();
    match address {
        IpAddr::V4(four) => !nobody && !four.is_broadcast(),
        IpAddr::V6(six) => !nobody && !is_link_local(six),
    }
}

fn is_link_local(address: &Ipv6Addr) -> bool {
    address.segments()[0] & 0xFFC0 == 0xFE80
}
