//! The types of services that printers and scanners announce by multicast DNS (Bonjour Printing Specification, AirPrint, eSCL), and the
//! service of ours that each is.

pub const TYPES: &[&str] = &[
    "_ipp._tcp.local",
    "_ipps._tcp.local",
    "_pdl-datastream._tcp.local",
    "_printer._tcp.local",
    "_scanner._tcp.local",
    "_uscan._tcp.local",
    "_uscans._tcp.local",
];

/// The service of a type; none for another's.
pub fn service(kind: &str) -> Option<&'static str> {
    let kind = kind.to_ascii_lowercase();
    let first = kind.split('.').next().unwrap_or_default();
    Some(match first {
        "_ipp" => "ipp",
        "_ipps" => "ipps",
        "_pdl-datastream" => "raw",
        "_printer" => "lpd",
        "_scanner" => "scan",
        "_uscan" => "escl",
        "_uscans" => "escls",
        _ => return None,
    })
}

/// The name of an instance and its type: `Hall 1` and `_ipp._tcp.local` of `Hall 1._ipp._tcp.local`.
pub fn instance(name: &str) -> Option<(&str, &str)> {
    let at = TYPES.iter().find_map(|kind| {
        let start = name.len().checked_sub(kind.len())?;
        name.get(start..)?.eq_ignore_ascii_case(kind).then_some(start)
    })?;
    let (instance, kind) = name.split_at_checked(at)?;
    Some((instance.strip_suffix('.')?, kind))
}
