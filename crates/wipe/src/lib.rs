//! Wipes media that the user names, and proves it. The only code of the house that writes to a medium.
//!
//! `guard` says what may not be touched, `medium` opens it, `hardware` knows what devices do by themselves, `overwrite` writes every byte,
//! `manifest` remembers what was there without a word of it, `readback` reads all of it afterwards, `judgement` says what that
//! amounts to, `journal` outlives whatever interrupts it, `run` brings them together into a certificate.

pub mod device;
#[cfg(test)]
mod double;
pub mod guard;
pub mod hardware;
pub mod journal;
pub mod judgement;
pub mod manifest;
pub mod medium;
pub mod method;
/// Stand-ins for hardware, for tests alone.
#[doc(hidden)]
pub mod model;
pub mod overwrite;
/// The byte parsers, for the fuzz targets alone.
#[doc(hidden)]
pub mod parsers;
pub mod passthrough;
mod places;
pub mod plan;
mod portions;
mod pulse;
pub mod readback;
pub mod run;

#[cfg(test)]
use leaksweep_formats::chance;
pub use places::Places;
pub use pulse::Pulse;
