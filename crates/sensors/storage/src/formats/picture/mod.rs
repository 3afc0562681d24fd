//! Pictures and scans.

pub mod bits;
mod bmp;
mod boxes;
#[cfg(test)]
mod claims;
mod deflate;
mod exif;
mod extent;
pub mod fax;
mod gif;
mod heif;
mod ifd;
mod jbig2;
pub mod jpeg;
mod jpeg2000;
mod lzw;
mod noise;
mod origin;
mod pcx;
mod png;
mod png_out;
pub mod points;
#[cfg(test)]
pub mod tests;
mod tiff;
mod webp;

pub use extent::Room;
pub use noise::is_noise;
pub use png_out::png;

use super::{Family, Format, Joints};

const PICTURE: Family = Family::Picture;
const SCAN: Family = Family::Scan;

/// The narrower before the wider where both begin alike.
pub const FORMATS: &[&Format] = &[
    &jpeg::JPEG,
    &png::PNG,
    &tiff::TIFF,
    &jbig2::JBIG2,
    &jpeg2000::JP2,
    &jpeg2000::CODESTREAM,
    &gif::GIF,
    &bmp::BMP,
    &webp::WEBP,
    &heif::HEIF,
    &pcx::PCX,
    &pcx::DCX,
];

/// Forms that record the places of their parts, by the names of their kinds.
pub const JOINTS: &[(&str, Joints)] = &[
    ("tiff", tiff::joint::joints),
    ("jp2", jpeg2000::joints::boxes),
    ("j2k", jpeg2000::joints::stream),
];
