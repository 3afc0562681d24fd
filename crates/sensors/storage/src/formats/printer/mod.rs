//! Languages of printers, and what spoolers keep of jobs.

use super::Format;

/// The narrower before the wider where both begin alike.
pub const FORMATS: &[&Format] = &[];
