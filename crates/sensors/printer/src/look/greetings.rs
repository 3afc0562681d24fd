//! What services say of themselves before anything is said to them: FTP, SSH and telnet. No byte is sent.

use super::Context;
use crate::{Portrait, plan::Packet, portrait::cut};

/// The most of a greeting that is read.
const MOST: usize = 512;

pub fn look(context: &Context, portrait: &mut Portrait) {
    for service in ["ftp", "ssh", "telnet"] {
        let port = context.wire.ports().of(service);
        if !portrait.is_open(port) {
            continue;
        }
        let greeting = greeting(context, port);
        if let Some(row) = portrait.service(service) {
            row.speaks = greeting.as_ref().map(|text| speaks(service, text));
            row.banner = greeting.map(|text| readable(&text)).filter(|text| !text.is_empty());
        }
    }
}

fn greeting(context: &Context, port: u16) -> Option<Vec<u8>> {
    let mut line = context.wire.line(port, Packet::Listen).ok()?;
    let mut got = Vec::new();
    // Whatever came before an error is what it said.
    let _ = line.receive_until(&mut got, MOST, |got| got.contains(&b'\n'));
    (!got.is_empty()).then_some(got)
}

fn speaks(service: &str, greeting: &[u8]) -> bool {
    match service {
        "ftp" => greeting.starts_with(b"220") || greeting.starts_with(b"120"),
        "ssh" => greeting.starts_with(b"SSH-"),
        // Telnet begins with the negotiation of options, or with a text.
        _ => greeting.first().is_some_and(|first| *first == 0xFF || first.is_ascii()),
    }
}

/// Without the options of telnet, which are three bytes each, and control characters.
fn readable(greeting: &[u8]) -> String {
    let mut text = Vec::new();
    let mut rest = greeting;
    while let Some((&first, after)) = rest.split_first() {
        if first == 0xFF {
            rest = after.get(2..).unwrap_or_default();
            continue;
        }
        text.push(first);
        rest = after;
    }
    let text = String::from_utf8_lossy(&text);
    cut(text.replace(|c: char| c.is_control(), " ").trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_options_of_telnet_are_no_text() {
        assert_eq!(readable(b"\xff\xfb\x01\xff\xfd\x03HP JetDirect\r\n"), "HP JetDirect");
        assert_eq!(readable(b"\xff\xfb"), "");
    }

    #[test]
    fn a_greeting_tells_whether_the_service_is_the_one() {
        assert!(speaks("ftp", b"220 JD FTP Server Ready\r\n"));
        assert!(!speaks("ftp", b"HTTP/1.0 400 Bad\r\n"));
        assert!(speaks("ssh", b"SSH-2.0-dropbear\r\n"));
        assert!(speaks("telnet", b"\xff\xfb\x01"));
    }
}
