//! One function for each byte parser, all of one shape, for `fuzz/`.

/// dpkg's status file.
pub fn dpkg_status(bytes: &[u8]) {
    let _ = crate::packages::dpkg::parse(bytes, "/var/lib/dpkg/status");
}

/// dpkg's diversions.
pub fn dpkg_diversions(bytes: &[u8]) {
    crate::ownership::parse_diversions(bytes);
}
