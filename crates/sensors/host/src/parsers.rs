//! One function for each byte parser, all of one shape, for `fuzz/`.

/// dpkg's status file.
pub fn dpkg_status(bytes: &[u8]) {
    let _ = crate::packages::dpkg::parse(bytes, "/var/lib/dpkg/status");
}

/// dpkg's diversions.
pub fn dpkg_diversions(bytes: &[u8]) {
    crate::ownership::parse_diversions(bytes);
}

/// The metadata of a Python package.
pub fn python_metadata(bytes: &[u8]) {
    let _ = crate::packages::python::parse(bytes);
}

/// An npm package's `package.json`.
pub fn npm_package(bytes: &[u8]) {
    let _ = crate::packages::npm::parse(bytes);
}
