//! Reference data of our own, typed: the files of `catalogue/`.
//!
//! Reads: the files that were embedded when the program was built, and those that the user names.
//! They hold facts with their sources; what a sensor sees is held against them, what a check
//! demands is not their business.

mod built_in;
pub mod lolrmm;
pub mod marks;
pub mod printers;
pub mod remote;
pub mod stores;

/// The byte parsers, for the fuzz targets alone.
#[doc(hidden)]
pub mod parsers;

pub use built_in::{mark_languages, printer_makers, remote_tools, remote_tools_with, store_groups};
