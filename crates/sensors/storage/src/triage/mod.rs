//! One pass over every byte: the map, where files may begin, words in the clear, the fingerprint.

pub mod map;
mod pass;
mod regain;
pub mod sieve;
mod suspects;
#[cfg(test)]
mod tests;

/// What a block looks like.
pub use leaksweep_formats::block as class;
pub use pass::{Keep, Pass, State};
pub use suspects::{Candidate, Hit, Sights, Suspects};
