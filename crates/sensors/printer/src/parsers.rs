//! Each byte parser as one function of bytes, for the fuzz targets.

/// What a user writes to name a printer.
pub fn printer_target(bytes: &[u8]) {
    let _ = crate::Target::parse(&String::from_utf8_lossy(bytes));
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
