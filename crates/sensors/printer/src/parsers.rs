//! Each byte parser as one function of bytes, for the fuzz targets.

/// What a user writes to name a printer.
pub fn printer_target(bytes: &[u8]) {
    let _ = crate::Target::parse(&String::from_utf8_lossy(bytes));
}
