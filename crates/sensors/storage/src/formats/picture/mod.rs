//! Pictures and scans.

mod exif;
mod ifd;
mod jpeg;
mod origin;
mod png_out;

pub use png_out::png;

use super::{Family, Format};

const PICTURE: Family = Family::Picture;
const SCAN: Family = Family::Scan;

/// The narrower before the wider where both begin alike.
pub const FORMATS: &[&Format] = &[&jpeg::JPEG];
