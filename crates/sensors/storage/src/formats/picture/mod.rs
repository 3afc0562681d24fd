//! Pictures and scans.

use super::Format;

/// The narrower before the wider where both begin alike.
pub const FORMATS: &[&Format] = &[];
