//! What the spooler of Windows keeps: shadow files (SHD) that say who printed what, and spool files (SPL) of EMF records;
//! EMF pictures by themselves.
//!
//! Raw SPL files are the print jobs themselves. Strings are read up to 260 characters.

mod emf;
mod shd;
mod spl;

pub use emf::FORMAT as EMF;
pub use shd::FORMAT as SHD;
pub use spl::FORMAT as SPL;

use crate::{Stretch, formats::Details};

/// A string of UTF-16 up to its zero, at most 260 characters; none where none stands or it is no text.
fn wide(stretch: &mut Stretch, at: u64) -> Option<(String, u64)> {
    let units: Vec<u16> = stretch
        .peek(at, 522)
        .as_chunks::<2>()
        .0
        .iter()
        .map(|pair| u16::from_le_bytes(*pair))
        .collect();
    let end = units.iter().position(|unit| *unit == 0)?;
    let text = String::from_utf16(&units[..end]).ok()?;
    let plain = text.chars().all(|char| !char.is_control() || char == '\t');
    plain.then_some((text, at + (end as u64 + 1) * 2))
}

fn detail(text: &str) -> Option<String> {
    Details::text(text)
}
