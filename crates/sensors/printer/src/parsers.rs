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
