//! Pictures and scans.

use super::Format;

/// The narrower before the wider where both begin alike.
pub const FORMATS: &[&Format] = &[];

/// A preview as a file.
pub fn png(_picture: &super::Picture) -> Option<Vec<u8>> {
    None
}
