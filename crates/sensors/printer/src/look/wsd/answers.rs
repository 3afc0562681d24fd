//! What devices answer to Probe and Get: WS-Discovery (April 2005), Devices Profile for Web Services (February 2006).

use super::super::elements::{self, Element, first, inside};

/// The most addresses and services that are kept of one answer.
const MOST: usize = 32;

/// One device of an answer to Probe.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Match {
    /// What it calls itself.
    pub endpoint: String,
    /// Local names: `Device`, `PrintDeviceType`, `ScanDeviceType`.
    pub types: Vec<String>,
    /// Where it can be asked for more.
    pub addresses: Vec<String>,
}

/// What an answer to Get says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Description {
    pub maker: Option<String>,
    pub model: Option<String>,
    pub name: Option<String>,
    pub firmware: Option<String>,
    pub serial: Option<String>,
    pub page: Option<String>,
    pub services: Vec<Hosted>,
}

/// A service of a device.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hosted {
    pub address: String,
    pub types: Vec<String>,
}

/// The devices of an answer to the message of that name; none for what answers another.
pub fn matches(bytes: &[u8], message: &str) -> Option<Vec<Match>> {
    let elements = elements::parse(bytes);
    let mine = first(&elements, "RelatesTo") == Some(message);
    let found = || inside(&elements, "ProbeMatch").take(MOST).map(one);
    mine.then(|| found().collect())
}

fn one(elements: &[Element]) -> Match {
    Match {
        endpoint: first(elements, "Address").unwrap_or_default().to_owned(),
        types: types(elements),
        addresses: words(elements, "XAddrs"),
    }
}

pub fn description(bytes: &[u8]) -> Description {
    let elements = elements::parse(bytes);
    let text = |name: &str| first(&elements, name).map(str::to_owned);
    let hosted = inside(&elements, "Hosted").take(MOST).map(|inner| Hosted {
        address: first(inner, "Address").unwrap_or_default().to_owned(),
        types: types(inner),
    });
    Description {
        maker: text("Manufacturer"),
        model: text("ModelName"),
        name: text("FriendlyName"),
        firmware: text("FirmwareVersion"),
        serial: text("SerialNumber"),
        page: text("PresentationUrl"),
        services: hosted.collect(),
    }
}

fn types(elements: &[Element]) -> Vec<String> {
    let local = |word: String| word.rsplit(':').next().unwrap_or_default().to_owned();
    words(elements, "Types").into_iter().map(local).collect()
}

fn words(elements: &[Element], name: &str) -> Vec<String> {
    let text = first(elements, name).unwrap_or_default();
    text.split_whitespace().take(MOST).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MATCHES: &str = "<s:Envelope xmlns:s='e'><s:Header><a:RelatesTo>urn:uuid:1</a:RelatesTo></s:Header><s:Body>\
        <d:ProbeMatches><d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:p</a:Address></a:EndpointReference>\
        <d:Types>wsdp:Device wprt:PrintDeviceType</d:Types><d:XAddrs>http://192.0.2.7:80/wsd http://[2001:db8::7]/wsd</d:XAddrs>\
        <d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>";

    #[test]
    fn an_answer_to_a_probe_names_devices_and_their_addresses() {
        let found = matches(MATCHES.as_bytes(), "urn:uuid:1").unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].endpoint, "urn:uuid:p");
        assert_eq!(found[0].types, ["Device", "PrintDeviceType"]);
        assert_eq!(found[0].addresses, ["http://192.0.2.7:80/wsd", "http://[2001:db8::7]/wsd"]);
    }

    #[test]
    fn an_answer_to_another_message_is_none() {
        assert_eq!(matches(MATCHES.as_bytes(), "urn:uuid:2"), None);
        assert_eq!(matches(b"", "urn:uuid:1"), None);
        let none = "<e><RelatesTo>urn:uuid:1</RelatesTo></e>";
        assert_eq!(matches(none.as_bytes(), "urn:uuid:1"), Some(Vec::new()));
    }

    #[test]
    fn a_description_tells_who_it_is_and_what_it_offers() {
        let text = "<e><ThisModel><Manufacturer>Example</Manufacturer><ModelName>P 1</ModelName></ThisModel>\
            <ThisDevice><FriendlyName>Hall</FriendlyName><FirmwareVersion>1.2</FirmwareVersion><SerialNumber>S1</SerialNumber></ThisDevice>\
            <Relationship><Host><Types>p:X</Types></Host><Hosted><r><Address>http://192.0.2.7/print</Address></r><Types>w:PrinterServiceType</Types></Hosted>\
            <Hosted><Types>w:ScannerServiceType</Types></Hosted></Relationship></e>";
        let told = description(text.as_bytes());
        assert_eq!((told.maker.as_deref(), told.serial.as_deref()), (Some("Example"), Some("S1")));
        let types: Vec<_> = told.services.iter().map(|service| service.types.join(" ")).collect();
        assert_eq!(types, ["PrinterServiceType", "ScannerServiceType"]);
        assert_eq!(description(b"\x00<<<"), Description::default());
    }
}
