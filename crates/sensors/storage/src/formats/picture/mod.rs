//! Pictures and scans.

mod bits;
mod deflate;
mod exif;
mod fax;
mod ifd;
mod jpeg;
mod lzw;
mod noise;
mod origin;
mod png;
mod png_out;
mod tiff;

pub use png_out::png;

use super::{Family, Format};

const PICTURE: Family = Family::Picture;
const SCAN: Family = Family::Scan;

/// The narrower before the wider where both begin alike.
pub const FORMATS: &[&Format] = &[&jpeg::JPEG, &png::PNG, &tiff::TIFF];
