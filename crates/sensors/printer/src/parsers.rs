//! Each byte parser as one function of bytes, for the fuzz targets.

/// What a user writes to name a printer.
pub fn printer_target(bytes: &[u8]) {
    let _ = crate::Target::parse(&String::from_utf8_lossy(bytes));
}

/// An answer of HTTP, in pieces.
pub fn http_answer(bytes: &[u8]) {
    if let Some(response) = crate::http::read(bytes, 1 << 16) {
        assert!(response.body.len() <= 1 << 16 && response.head.length <= bytes.len());
    }
}

/// What a server answers to a hello of TLS.
pub fn tls_flight(bytes: &[u8]) {
    let flight = crate::look::tls::flight::Flight::parse(bytes);
    assert!(flight.certificates.len() <= 16);
}

/// A certificate of a printer.
pub fn printer_certificate(bytes: &[u8]) {
    use crate::look::tls::certificate::{Reached, read};
    let reached = Reached { host: "p.example", address: std::net::Ipv4Addr::LOCALHOST.into() };
    read(bytes, 443, 0, reached);
}

/// A message of IPP, and all that is learnt of it.
pub fn ipp_message(bytes: &[u8]) {
    use crate::look::ipp::{message::Message, recorded};
    assert!(Message::parse(bytes).read <= bytes.len());
    let answers = vec![("answer".to_owned(), bytes.to_vec())];
    recorded(&crate::Recorded { answers, ..Default::default() }, &mut crate::Portrait::default());
}

/// A message of SNMP v1, v2c or v3.
pub fn snmp_message(bytes: &[u8]) {
    use crate::look::snmp::message::{community, user};
    let _ = community::read(community::Version::V1, bytes);
    let _ = community::read(community::Version::V2c, bytes);
    if let Ok(received) = user::read(bytes) {
        let _ = user::read_scoped(received.data);
    }
}

/// A walk as snmpsim records it, and what it tells.
pub fn snmprec(bytes: &[u8]) {
    crate::look::snmp::tell(&crate::look::snmp::recorded::snmprec::read(bytes));
}

/// A walk as snmpwalk prints it, and what it tells.
pub fn snmpwalk(bytes: &[u8]) {
    crate::look::snmp::tell(&crate::look::snmp::recorded::snmpwalk::read(bytes));
}

/// What a printer answers to inquiries of PJL, and what it tells.
pub fn pjl_answers(bytes: &[u8]) {
    crate::look::pjl::note(bytes, &mut crate::Portrait::default());
}

/// The state of a queue of LPD.
pub fn lpd_state(bytes: &[u8]) {
    assert!(crate::look::lpd::parse(bytes).jobs.len() <= 1000);
}

/// A message of multicast DNS.
pub fn mdns_message(bytes: &[u8]) {
    assert!(crate::discovery::dns::records(bytes).len() <= 512);
}

/// Answers of WS-Discovery and WS-Transfer.
pub fn wsd_answer(bytes: &[u8]) {
    let _ = crate::look::wsd::matches(bytes, "urn:uuid:1");
    assert!(crate::look::wsd::description(bytes).services.len() <= 32);
}

/// The capabilities of a scanner.
pub fn escl_capabilities(bytes: &[u8]) {
    let _ = crate::look::escl::parse(bytes);
}

/// A web page of each maker, held against what the catalogue says of it.
pub fn printer_page(bytes: &[u8]) {
    use crate::look::pages::{Came, judged, told};
    let makers = leaksweep_catalogue::printer_makers();
    for page in makers.iter().flat_map(|maker| &maker.pages) {
        let came = Came { status: 200, asked: &page.path, path: &page.path, body: bytes };
        let judged = judged(&came, Some(&page.holds));
        assert!(!(judged.shown && judged.login));
        for tell in &page.tells {
            let _ = told(bytes, tell);
        }
    }
}
