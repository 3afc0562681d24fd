//! Wipes media that the user names, and proves it. The only code of the house that writes to a medium.

pub mod device;
pub mod hardware;
pub mod method;

/// Stand-ins for hardware, for tests alone.
#[doc(hidden)]
pub mod model;
pub mod passthrough;
