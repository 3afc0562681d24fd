//! One pass over every byte.

pub mod sieve;
