//! Wipes media that the user names, and proves it. The only code of the house that writes to a medium.

#[cfg(test)]
mod chance;
pub mod device;
pub mod guard;
pub mod manifest;
pub mod medium;
pub mod method;
pub mod overwrite;
mod passthrough;
mod places;
mod portions;
mod pulse;
pub mod readback;

pub use places::Places;
pub use pulse::Pulse;
