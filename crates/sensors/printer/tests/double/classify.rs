//! What kind of packet of the plan a double received, told from the bytes alone and without the sensor's help. Whatever is not
//! certainly one of the plan is an error: a setting, a job, a log-in, a byte too much.

use super::{Heard, answers, http, snmp};

/// The name of the line of the plan.
pub fn classify(heard: &Heard) -> Result<&'static str, String> {
    let bytes = heard.bytes.as_slice();
    let wrong = |what: &str| Err(format!("{what} at {}: {:?}", heard.service, readable(bytes)));
    if bytes.is_empty() {
        return Ok("reach");
    }
    if let Some(kind) = of_tls(bytes) {
        return Ok(kind);
    }
    let kind = match heard.service {
        "snmp" => of_snmp(bytes),
        "wsd" => of_wsd(bytes),
        "lpd" => of_lpd(bytes),
        "raw" => of_pjl(bytes),
        "ipp" | "http" => of_http(bytes),
        _ => None,
    };
    kind.map_or_else(|| wrong("nothing of the plan"), Ok)
}

/// A hello alone, or more of a handshake. A hello in the old form begins with its length.
fn of_tls(bytes: &[u8]) -> Option<&'static str> {
    let length =
        |at: usize| Some(usize::from(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?])));
    if bytes.len() > 2 && bytes[0] & 0x80 != 0 && bytes[2] == 1 {
        return (length(0)? & 0x7FFF == bytes.len() - 2).then_some("tls-hello");
    }
    if !matches!(bytes, [0x16, 3, _, _, _, 1, ..]) {
        return None;
    }
    Some(if bytes.len() == length(3)? + 5 { "tls-hello" } else { "tls-session" })
}

fn readable(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(300)]).into_owned()
}

/// Only GET, GETNEXT and GETBULK; and of version 3 also what is sealed or asks for the engine.
fn of_snmp(bytes: &[u8]) -> Option<&'static str> {
    let mut rest = bytes;
    let (0x30, mut inner) = snmp::take(&mut rest)? else { return None };
    if !rest.is_empty() {
        return None;
    }
    let version = snmp::take(&mut inner)?.1.last().copied()?;
    let name = match version {
        0 => "snmp-v1",
        1 => "snmp-v2c",
        3 => "snmp-v3",
        _ => return None,
    };
    let pdu = if version == 3 {
        snmp::take(&mut inner)?;
        snmp::take(&mut inner)?;
        let (0x30, mut scoped) = snmp::take(&mut inner)? else { return None };
        snmp::take(&mut scoped)?;
        snmp::take(&mut scoped)?;
        snmp::take(&mut scoped)?.0
    } else {
        snmp::take(&mut inner)?;
        snmp::take(&mut inner)?.0
    };
    let reads = matches!(pdu, 0xA0 | 0xA1) || pdu == 0xA5 && version != 0;
    reads.then_some(name)
}

fn of_wsd(bytes: &[u8]) -> Option<&'static str> {
    let text = std::str::from_utf8(bytes).ok()?;
    text.contains("/discovery/Probe</").then_some("wsd-probe")
}

/// Command 4 and the name of a queue, nothing behind it.
fn of_lpd(bytes: &[u8]) -> Option<&'static str> {
    let name = bytes.strip_prefix(b"\x04")?.strip_suffix(b"\n")?;
    let fits = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    fits.then_some("lpd-state")
}

/// Lines of inquiries between universal exits, and nothing that is not one.
fn of_pjl(bytes: &[u8]) -> Option<&'static str> {
    let text = std::str::from_utf8(bytes).ok()?;
    let exit = std::str::from_utf8(answers::EXIT).ok()?;
    let inner = text.strip_prefix(exit)?.strip_suffix(exit)?;
    let inquires = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        let subjects = ["ID", "CONFIG", "FILESYS", "STATUS", "VARIABLES"];
        match words.as_slice() {
            ["@PJL", "INFO", subject] => subjects.contains(subject),
            ["@PJL", "INQUIRE" | "DINQUIRE", "PASSWORD" | "CPLOCK" | "DISKLOCK"] => true,
            ["@PJL", "ECHO", ..] => true,
            _ => false,
        }
    };
    let mut parts = inner.split(exit).filter(|part| !part.is_empty());
    let all =
        parts.all(|part| part.ends_with("\r\n") && part.split_terminator("\r\n").all(inquires));
    all.then_some("pjl-inquiry")
}

fn of_http(bytes: &[u8]) -> Option<&'static str> {
    let end = http::head(bytes)?;
    let (head, body) = bytes.split_at(end);
    let text = std::str::from_utf8(head).ok()?;
    let mut words = text.lines().next()?.split(' ');
    let (method, path) = (words.next()?, words.next()?);
    let length = http::header(head, "content-length").map_or(Some(0), |text| text.parse().ok())?;
    if body.len() != length || words.next()? != "HTTP/1.1" {
        return None;
    }
    let kind = http::header(head, "content-type").unwrap_or_default();
    match method {
        "GET" if !body.is_empty() => None,
        "GET" if http::header(head, "authorization").is_some() => Some("default-password"),
        "GET" if path == "/eSCL/ScannerCapabilities" => Some("escl"),
        "GET" if !path.contains('?') || is_in_catalogue(path) => Some("http-page"),
        "POST" if kind.starts_with("application/ipp") => of_ipp(body),
        "POST" if kind.starts_with("application/soap+xml") => {
            let text = std::str::from_utf8(body).ok()?;
            text.contains("/transfer/Get</").then_some("wsd-get")
        }
        _ => None,
    }
}

/// A path that says more than a name must be one that a person wrote down with its source.
fn is_in_catalogue(path: &str) -> bool {
    let mut pages = leaksweep_catalogue::printer_makers().iter().flat_map(|maker| &maker.pages);
    pages.any(|page| page.path == path)
}

/// One of the operations that read, and no document behind its attributes.
fn of_ipp(body: &[u8]) -> Option<&'static str> {
    let name = match (body.get(2)?, body.get(3)?) {
        (0x00, 0x0B) => "ipp-attributes",
        (0x00, 0x0A) => "ipp-jobs",
        (0x00, 0x5B) => "ipp-system",
        (0x40, 0x02) => "cups-queues",
        _ => return None,
    };
    let mut at = 8;
    loop {
        match *body.get(at)? {
            0x03 => return (at + 1 == body.len()).then_some(name),
            0x00..=0x0F => at += 1,
            _ => {
                let name =
                    usize::from(u16::from_be_bytes([*body.get(at + 1)?, *body.get(at + 2)?]));
                let value = at + 3 + name;
                let length =
                    usize::from(u16::from_be_bytes([*body.get(value)?, *body.get(value + 1)?]));
                at = value + 2 + length;
            }
        }
    }
}

/// What is not of the plan is told as such, so that the test that relies on it can fail.
pub fn prove() {
    let heard = |service, bytes: &[u8]| Heard {
        service,
        at: std::net::Ipv4Addr::LOCALHOST,
        bytes: bytes.to_vec(),
        inside: false,
    };
    for (service, bytes) in [
        ("raw", &b"\x1b%-12345X@PJL SET COPIES=2\r\n\x1b%-12345X"[..]),
        ("raw", b"\x1b%-12345X@PJL INFO ID\r\nHello\x1b%-12345X"),
        ("raw", b"%!PS\n"),
        ("raw", b"\x1b%-12345X@PJL FSDIRLIST NAME=\"0:\"\r\n\x1b%-12345X"),
        ("lpd", b"\x02lp\n"),
        ("lpd", b"\x05lp\nmore"),
        ("http", b"POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx"),
        ("http", b"DELETE / HTTP/1.1\r\n\r\n"),
        ("http", b"GET /set?x=1 HTTP/1.1\r\n\r\n"),
        ("ipp", b"POST / HTTP/1.1\r\nContent-Type: application/ipp\r\nContent-Length: 9\r\n\r\n\x02\x00\x00\x02\x00\x00\x00\x01\x03"),
        ("ipp", b"POST / HTTP/1.1\r\nContent-Type: application/ipp\r\nContent-Length: 10\r\n\r\n\x02\x00\x00\x0b\x00\x00\x00\x01\x03x"),
        ("snmp", b"\x30\x0d\x02\x01\x01\x04\x06public\xa3\x00"),
        ("ftp", b"USER x\r\n"),
    ] {
        assert!(classify(&heard(service, bytes)).is_err(), "{service}: {:?}", readable(bytes));
    }
    assert_eq!(
        classify(&heard("snmp", b"\x30\x0d\x02\x01\x01\x04\x06public\xa0\x00")),
        Ok("snmp-v2c")
    );
    assert_eq!(classify(&heard("lpd", b"\x04lp\n")), Ok("lpd-state"));
}
