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
