//! Whether scans can be fetched: GET of the capabilities of eSCL (Mopria Alliance, eSCL Technical Specification), which is what a
//! client asks first. No scan is begun.
//!
//! Limits: 128 KiB. What a client may do behind it is not tried: a printer that shows its capabilities to anybody and demands a
//! password for the scan itself is told as open.

use leaksweep_facts::tables::printer::{Channel, Part, Service};

use super::{Context, elements, makers};
use crate::{
    Portrait, Topic, Way,
    http::{self, HttpError, Response},
    plan::Packet,
    wire::WireError,
};

const PATH: &str = "/eSCL/ScannerCapabilities";
const MOST: usize = 128 << 10;

pub fn look(context: &Context, portrait: &mut Portrait) {
    for (service, tls) in [("https", true), ("http", false), ("http-alt", false)] {
        let port = context.wire.ports().of(service);
        let told = portrait.services.iter().any(|row| row.service == "escl");
        if !portrait.is_open(port) || told && service == "http-alt" {
            continue;
        }
        match http::get(context, port, tls, PATH, Packet::Escl, MOST) {
            Ok(response) => note(&response, portrait),
            Err(error) => failed(&error, port, portrait),
        }
    }
}

/// What answers no HTTP at that port has no eSCL either, and other ways say what is wrong with it.
fn failed(error: &HttpError, port: u16, portrait: &mut Portrait) {
    if matches!(error, HttpError::Wire(WireError::TooMuch | WireError::Late | WireError::Spent)) {
        let problem = error.problem("printer_settings", format!("tcp {port}, {PATH}"));
        portrait.problems.push(problem.in_columns(&["scan_open"]));
    }
}

fn note(response: &Response, portrait: &mut Portrait) {
    match response.status() {
        200 => {
            if let Some(scanner) = parse(&response.body) {
                tell(&scanner, response, portrait);
            }
        }
        401 | 403 => {
            portrait.learn(Topic::ScanOpen, false, Way::Escl, PATH, "a password is demanded");
            row(response, "password", portrait);
        }
        _ => {}
    }
}

fn row(response: &Response, authentication: &str, portrait: &mut Portrait) {
    portrait.services.push(Service {
        port: response.place.port.into(),
        transport: "tcp".into(),
        service: "escl".into(),
        reach: "open".into(),
        speaks: Some(true),
        encrypted: Some(response.place.tls),
        authentication: Some(authentication.into()),
        ..Service::default()
    });
}

fn tell(scanner: &Scanner, response: &Response, portrait: &mut Portrait) {
    row(response, "none", portrait);
    let asked = format!("{PATH} at {}", response.place.port);
    let status = format!("HTTP {}", response.status());
    portrait.learn(Topic::ScanOpen, true, Way::Escl, &asked, status);
    if let Some(model) = &scanner.model {
        makers::learn_model(portrait, model, Way::Escl, &asked);
    }
    for (topic, value) in [
        (Topic::Serial, &scanner.serial),
        (Topic::Uuid, &scanner.uuid),
        (Topic::PageOfPeople, &scanner.page),
    ] {
        if let Some(value) = value {
            portrait.learn(topic, value.as_str(), Way::Escl, &asked, value);
        }
    }
    for name in &scanner.inputs {
        let row = Part { kind: "scanner".into(), name: (*name).into(), source: "escl".into() };
        if !portrait.parts.contains(&row) {
            portrait.parts.push(row);
        }
    }
    portrait.channels.push(Channel {
        kind: "scan".into(),
        name: format!("eSCL at {}", response.place.port),
        enabled: Some(true),
        encrypted: Some(response.place.tls),
        authentication: Some("none".into()),
        source: "escl".into(),
    });
}

/// What the capabilities say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scanner {
    pub model: Option<String>,
    pub serial: Option<String>,
    pub uuid: Option<String>,
    pub page: Option<String>,
    /// From where it scans.
    pub inputs: Vec<&'static str>,
}

/// None for what are no capabilities.
pub fn parse(bytes: &[u8]) -> Option<Scanner> {
    let elements = elements::parse(bytes);
    elements.first().filter(|root| root.name == "ScannerCapabilities")?;
    let text = |name: &str| elements::first(&elements, name).map(str::to_owned);
    let has = |name: &str| elements.iter().any(|element| element.name == name);
    let inputs = [("Platen", "glass"), ("Adf", "feeder"), ("Camera", "camera")];
    Some(Scanner {
        model: text("MakeAndModel"),
        serial: text("SerialNumber"),
        uuid: text("UUID"),
        page: text("AdminURI"),
        inputs: inputs.into_iter().filter(|(name, _)| has(name)).map(|(_, word)| word).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &[u8] = b"<?xml version='1.0'?><scan:ScannerCapabilities xmlns:scan='s' xmlns:pwg='p'><pwg:Version>2.6</pwg:Version>\
        <pwg:MakeAndModel>HP OfficeJet Pro 7740</pwg:MakeAndModel><pwg:SerialNumber>TH1</pwg:SerialNumber><scan:UUID>1-2</scan:UUID>\
        <scan:AdminURI>http://192.0.2.7/#x</scan:AdminURI><scan:Platen><scan:PlatenInputCaps/></scan:Platen><scan:Adf/></scan:ScannerCapabilities>";

    #[test]
    fn capabilities_tell_the_scanner() {
        let scanner = parse(ANSWER).unwrap();
        assert_eq!(scanner.model.as_deref(), Some("HP OfficeJet Pro 7740"));
        assert_eq!(scanner.serial.as_deref(), Some("TH1"));
        assert_eq!(scanner.inputs, ["glass", "feeder"]);
    }

    #[test]
    fn another_page_is_no_scanner() {
        assert_eq!(parse(b"<html><body>Not found</body></html>"), None);
        assert_eq!(parse(b""), None);
        assert!(parse(b"<scan:ScannerCapabilities><a>").is_some());
    }
}
