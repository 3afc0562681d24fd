//! Texts that have no form: in UTF-8, GBK, Big5, Shift-JIS, EUC-KR, Latin and Cyrillic code pages, and UTF-16 of both orders.
//!
//! They are not known by a signature: [`runs`] looks at stretches that the map calls text. A run is at least 256 bytes, holds
//! blanks, letters and change, and ends at the first byte that its encoding has not. What it tells of servers, accounts and
//! people is taken from its first 256 KiB.

pub mod ending;
pub mod lines;
mod pairs;
mod passed;
mod runs;
pub mod scan;
#[cfg(test)]
mod tests;
mod wide;

pub use runs::{runs, whole};

use super::super::{Family, Format, Kind};

/// Has no signature, and is in no list: what has another form is that.
pub static TEXT: Format = Format {
    kind: Kind { name: "text", family: Family::Text, extension: "txt" },
    signatures: &[],
    looks: |_| false,
    walk: whole,
    texts: None,
    picture: None,
};

/// The shortest run.
pub const LEAST: u64 = 256;
