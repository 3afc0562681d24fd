//! The two questions of WS-Discovery (April 2005) and WS-Transfer that are asked: Probe and Get. Both only read.

use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hasher},
};

const ENVELOPE: &str = "http://www.w3.org/2003/05/soap-envelope";
const ADDRESSING: &str = "http://schemas.xmlsoap.org/ws/2004/08/addressing";
const DISCOVERY: &str = "http://schemas.xmlsoap.org/ws/2005/04/discovery";
const GET: &str = "http://schemas.xmlsoap.org/ws/2004/09/transfer/Get";

/// What is sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sought {
    /// Whatever device there is: for a single address.
    Device,
    Printers,
    Scanners,
}

impl Sought {
    /// A prefix, its name space, and the type.
    fn kind(self) -> (&'static str, &'static str) {
        match self {
            Sought::Device => ("http://schemas.xmlsoap.org/ws/2006/02/devprof", "Device"),
            Sought::Printers => {
                ("http://schemas.microsoft.com/windows/2006/08/wdp/print", "PrintDeviceType")
            }
            Sought::Scanners => {
                ("http://schemas.microsoft.com/windows/2006/08/wdp/scan", "ScanDeviceType")
            }
        }
    }
}

pub fn probe(message: &str, sought: Sought) -> Vec<u8> {
    let (space, kind) = sought.kind();
    let to = "urn:schemas-xmlsoap-org:ws:2005:04:discovery";
    let spaces = format!("xmlns:d=\"{DISCOVERY}\" xmlns:t=\"{space}\"");
    let body = format!("<d:Probe><d:Types>t:{kind}</d:Types></d:Probe>");
    envelope(&spaces, to, &format!("{DISCOVERY}/Probe"), message, "", &body)
}

/// `endpoint` is what the printer called itself.
pub fn get(message: &str, endpoint: &str) -> Vec<u8> {
    let reply =
        format!("<a:ReplyTo><a:Address>{ADDRESSING}/role/anonymous</a:Address></a:ReplyTo>");
    envelope("", &escaped(endpoint), GET, message, &reply, "")
}

fn envelope(
    spaces: &str,
    to: &str,
    action: &str,
    message: &str,
    more: &str,
    body: &str,
) -> Vec<u8> {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\
         <s:Envelope xmlns:s=\"{ENVELOPE}\" xmlns:a=\"{ADDRESSING}\" {spaces}>\
         <s:Header><a:To>{to}</a:To><a:Action>{action}</a:Action>\
         <a:MessageID>{message}</a:MessageID>{more}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
    )
    .into_bytes()
}

fn escaped(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}

/// A name of its own for each message, by which its answer is known.
pub fn message_id() -> String {
    let chance = || RandomState::new().build_hasher().finish();
    let (high, low) = (chance(), chance());
    let [a, b, c] = [high >> 32, (high >> 16) & 0xFFFF, high & 0x0FFF];
    let [d, e] = [(low >> 48) & 0x3FFF | 0x8000, low & 0xFFFF_FFFF_FFFF];
    format!("urn:uuid:{a:08x}-{b:04x}-4{c:03x}-{d:04x}-{e:012x}")
}

#[cfg(test)]
mod tests {
    use super::{super::super::elements, *};

    #[test]
    fn questions_are_well_formed_and_ask_what_they_should() {
        let message = message_id();
        let probe = elements::parse(&probe(&message, Sought::Printers));
        assert_eq!(elements::first(&probe, "MessageID"), Some(message.as_str()));
        assert_eq!(elements::first(&probe, "Types"), Some("t:PrintDeviceType"));
        let get = elements::parse(&get(&message, "urn:uuid:1&<2>"));
        assert_eq!(elements::first(&get, "To"), Some("urn:uuid:1&<2>"));
        assert_eq!(elements::first(&get, "Action"), Some(GET));
    }

    #[test]
    fn every_message_has_its_own_name() {
        let (one, two) = (message_id(), message_id());
        assert_ne!(one, two);
        assert_eq!(one.len(), "urn:uuid:".len() + 36);
    }
}
