//! The storage sensor: what a disk, a card, a chip or an image of one still gives away.
//!
//! `media` opens it, `partitions` and `volumes` read what tables and file systems say, `triage` reads every
//! byte once, `formats` walks each kind of file to its exact end, `fragments` joins what lies apart, `marks` and
//! `known` look for words and documents, `papers` reads certificates and custody records, `recovery` brings all ways to one row for each find, `tell` says what
//! each is, `shelf` keeps what is recovered where the user named a folder. Nothing else writes.

pub mod bytes;
pub mod formats;
pub mod fragments;
pub mod known;
pub mod landmarks;
pub mod lzo;
pub mod marks;
pub mod media;
pub mod papers;
pub mod partitions;
mod ranges;
pub mod recovery;
pub mod shelf;
pub mod stretch;
mod sums;
mod sweep;
pub mod tell;
pub mod triage;
pub mod volumes;

/// The byte parsers, for the fuzz targets alone.
#[doc(hidden)]
pub mod parsers;

pub use bytes::{Bytes, Gap, Pieces, Run};
#[cfg(test)]
use leaksweep_formats::chance;
pub use stretch::Stretch;
pub use sweep::{Journal, MOST_JOURNAL, Options, Progress, sweep};
