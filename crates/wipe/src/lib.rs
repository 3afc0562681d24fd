//! Wipes media that the user names, and proves it. The only code of the house that writes to a medium.

pub mod device;
pub mod medium;
pub mod method;
pub mod overwrite;
mod passthrough;
mod places;
mod portions;
mod pulse;

pub use places::Places;
pub use pulse::Pulse;
