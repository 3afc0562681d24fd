//! Wipes media that the user names, and proves it. The only code of the house that writes to a medium.

pub mod device;
pub mod method;
