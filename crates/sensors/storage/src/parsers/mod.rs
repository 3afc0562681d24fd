//! Each parser of bytes as one function, for the fuzz targets.

mod forms;
mod media;
mod sectors;
mod texts;
mod volumes;

pub use forms::*;
pub use media::*;
pub use texts::*;
pub use volumes::*;

pub fn sweep_journal(bytes: &[u8]) {
    crate::sweep::parse_journal(bytes);
}

/// Certificates and custody records, as rows.
pub fn papers(bytes: &[u8]) {
    crate::papers::parse(bytes);
}

pub fn lzo(bytes: &[u8]) {
    if let Some(unpacked) = crate::lzo::unpack(bytes, 1 << 16) {
        assert!(unpacked.len() <= 1 << 16);
    }
}
