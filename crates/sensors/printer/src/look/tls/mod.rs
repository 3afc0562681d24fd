//! TLS as a printer speaks it: which versions and suites it takes, from SSLv3 on, and which certificates it shows.
//!
//! A hello of our own for each version is sent, the beginning of the answer read, and the connection closed: so a printer that
//! knows no version of today is told of and not failed at. Certificates come in clear up to TLS 1.2; of a printer that
//! takes TLS 1.3 alone they are read in a session.

mod algorithms;
pub mod certificate;
pub mod flight;
mod hello;
mod suites;
pub mod version;

use leaksweep_facts::{Problem, Reason, tables::printer::Service};

use self::{certificate::Reached, flight::Flight, suites::Suite, version::Version};
use super::Context;
use crate::{Portrait, plan::Packet, session, wire::WireError};

/// The most of an answer to a hello that is read.
const MOST: usize = 128 << 10;

pub fn look(context: &Context, portrait: &mut Portrait) {
    let ports = context.wire.ports();
    for (service, port) in [("https", ports.of("https")), ("ipps", ports.of("ipp"))] {
        if portrait.is_open(port) {
            let taken = Taken::ask(context, port);
            taken.record(context, service, port, portrait);
        }
    }
}

/// What a port takes.
#[derive(Debug, Default)]
struct Taken {
    /// Of each version that was taken: what was chosen for it.
    flights: Vec<(Version, Flight)>,
    /// The first refusal in words.
    alert: Option<u8>,
    failed: Option<WireError>,
}

impl Taken {
    /// From the version that most take on; what speaks no TLS is not asked again and again.
    fn ask(context: &Context, port: u16) -> Self {
        let mut taken = Self::default();
        for version in
            [Version::Tls12, Version::Tls13, Version::Tls10, Version::Tls11, Version::Ssl3]
        {
            let suites = if version == Version::Tls13 { suites::OF_13 } else { suites::ALL };
            let foreign = taken.one(context, port, version, suites.iter());
            if foreign || taken.is_hopeless(version) {
                break;
            }
        }
        taken.flights.sort_by_key(|(version, _)| *version);
        if let Some((lowest, _)) = taken.flights.first()
            && *lowest < Version::Tls13
        {
            let lowest = *lowest;
            taken.one(context, port, lowest, suites::weak());
        }
        taken
    }

    /// Whether what answers is of another kind.
    fn one<'s>(
        &mut self,
        context: &Context,
        port: u16,
        version: Version,
        suites: impl Iterator<Item = &'s Suite>,
    ) -> bool {
        let name = Some(context.target.host.as_str());
        let name = name.filter(|host| host.parse::<std::net::IpAddr>().is_err());
        match flight(context, port, &hello::client_hello(version, name, suites)) {
            Err(error) => {
                self.failed.get_or_insert(error);
            }
            Ok(flight) => {
                self.alert = self.alert.or(flight.alert);
                let foreign = flight.foreign;
                // Some answer with the version that they know, whatever was asked for.
                self.flights.extend(flight.version.map(|version| (version, flight)));
                return foreign;
            }
        }
        false
    }

    /// A port that was silent or hung up twice, with no word of TLS, has none.
    fn is_hopeless(&self, asked: Version) -> bool {
        let nothing = self.flights.is_empty() && self.alert.is_none() && self.failed.is_some();
        let silent = matches!(self.failed, Some(WireError::Silent | WireError::Late));
        nothing && (silent || asked == Version::Tls10)
    }

    fn record(self, context: &Context, service: &str, port: u16, portrait: &mut Portrait) {
        let versions = || self.flights.iter().map(|(version, _)| *version);
        let speaks = !self.flights.is_empty() || self.alert.is_some();
        if service == "ipps" {
            portrait.services.push(Service {
                port: port.into(),
                transport: "tcp".into(),
                service: service.into(),
                reach: "open".into(),
                ..Service::default()
            });
        }
        let suite = self.flights.iter().filter_map(|(_, flight)| flight.suite).map(suites::known);
        if let Some(row) = portrait.service(service) {
            // Whether IPP is spoken under it shows later.
            row.speaks = (service == "https" || !speaks).then_some(speaks);
            row.encrypted = (service == "https" && speaks).then_some(true);
            row.tls_lowest = versions().min().map(|version| version.name().into());
            row.tls_highest = versions().max().map(|version| version.name().into());
            row.tls_suite = suite.min_by_key(|(strength, _)| *strength).map(|(_, name)| name);
        }
        if self.flights.is_empty() {
            return self.nothing(service, port, portrait);
        }
        self.certificates(context, port, portrait);
    }

    /// Nobody misses TLS at a port where it may be and is not.
    fn nothing(&self, service: &str, port: u16, portrait: &mut Portrait) {
        let why = match (&self.alert, &self.failed) {
            (Some(alert), _) => format!("it refused every version: {}", flight::reason(*alert)),
            (None, _) if service == "ipps" => return,
            (None, Some(error)) => format!("no answer to a TLS hello: {error}"),
            (None, None) => "what answers speaks no TLS".into(),
        };
        let subject = format!("tcp {port}");
        let problem = Problem::new("printer_services", &subject, Reason::Failed, &why);
        let columns = &["tls_lowest", "tls_highest", "tls_suite"];
        portrait.problems.push(problem.in_columns(columns));
        let problem = Problem::new("printer_certificates", subject, Reason::Failed, why);
        portrait.problems.push(problem);
    }

    fn certificates(&self, context: &Context, port: u16, portrait: &mut Portrait) {
        let shown = |(_, flight): &&(Version, Flight)| !flight.certificates.is_empty();
        let chain = match self.flights.iter().rev().find(shown) {
            Some((_, flight)) => Ok(flight.certificates.clone()),
            None if self.flights.iter().any(|(_, flight)| flight.overlong) => {
                Err((Reason::TooLarge, "the chain of certificates is too long".into()))
            }
            None => in_session(context, port).map_err(|why| (Reason::Failed, why)),
        };
        match chain {
            Ok(chain) => record_chain(context, &chain, port, portrait),
            Err((reason, why)) => {
                let subject = format!("tcp {port}");
                let problem = Problem::new("printer_certificates", subject, reason, why);
                portrait.problems.push(problem);
            }
        }
    }
}

fn record_chain(context: &Context, chain: &[Vec<u8>], port: u16, portrait: &mut Portrait) {
    let reached = Reached { host: &context.target.host, address: context.wire.address() };
    for (place, der) in chain.iter().enumerate() {
        match certificate::read(der, port, place, reached) {
            Some(row) => portrait.certificates.push(row),
            None => {
                let subject = format!("tcp {port}, certificate {place}");
                let what = format!("{} bytes that are no certificate", der.len());
                let problem =
                    Problem::new("printer_certificates", subject, Reason::Malformed, what);
                portrait.problems.push(problem);
            }
        }
    }
}

/// Under TLS 1.3 certificates travel encrypted.
fn in_session(context: &Context, port: u16) -> Result<Vec<Vec<u8>>, String> {
    let session = session::open(context, port, Packet::TlsSession);
    let session = session.map_err(|error| error.to_string())?;
    let chain = session.conn.peer_certificates().unwrap_or_default();
    let chain: Vec<Vec<u8>> = chain.iter().map(|one| one.as_ref().to_vec()).collect();
    if chain.is_empty() { Err("it shows none".into()) } else { Ok(chain) }
}

fn flight(context: &Context, port: u16, hello: &[u8]) -> Result<Flight, WireError> {
    let mut line = context.wire.line(port, Packet::TlsHello)?;
    line.send(hello)?;
    let mut got = Vec::new();
    let ended = line.receive_until(&mut got, MOST, |got| Flight::parse(got).done);
    let flight = Flight::parse(&got);
    match ended {
        // What came before the end says enough.
        Ok(()) if !got.is_empty() => Ok(flight),
        _ if flight.answered() || flight.done => Ok(flight),
        Ok(()) => Err(WireError::Cut),
        Err(error) => Err(error),
    }
}
