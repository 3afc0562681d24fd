//! Byte formats that more than one part of the house reads: pure, bounded, fuzzed. One that a single sensor reads lives in that
//! sensor.

pub mod ata;
pub mod block;
/// For tests, here and elsewhere.
#[doc(hidden)]
pub mod chance;
pub mod fingerprint;

/// The byte parsers, for the fuzz targets alone.
#[doc(hidden)]
pub mod parsers;
