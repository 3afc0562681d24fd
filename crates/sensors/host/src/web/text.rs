//! The text of a script: all of it, or its beginning and its end.

use std::{
    io::{Read, Seek, SeekFrom},
    path::Path,
};

use leaksweep_facts::{Reason, tables::host::WebFile};
use rustix::fs::Stat;

use crate::{reading::Reading, root::Failure};

const TEXT: u64 = 128 << 20;
/// Files that may hide code.
const HIDING: usize = 20_000;
const PIECE: u64 = 512 << 10;
const HIDING_PIECE: u64 = 8 << 10;

/// What may still be read.
pub struct Budget {
    bytes: u64,
    hiding: usize,
    told: bool,
}

impl Default for Budget {
    fn default() -> Self {
        Self { bytes: TEXT, hiding: HIDING, told: false }
    }
}

pub fn read(
    reading: &mut Reading<'_, WebFile>,
    path: &Path,
    stat: &Stat,
    may_hide: bool,
    budget: &mut Budget,
) -> Option<Vec<u8>> {
    let piece = if may_hide { HIDING_PIECE } else { PIECE };
    let wanted = (stat.st_size as u64).min(2 * piece);
    if wanted > budget.bytes || (may_hide && budget.hiding == 0) {
        if !std::mem::replace(&mut budget.told, true) {
            let detail = format!("more than {TEXT} bytes or {HIDING} files in all");
            reading.too_large(path, &[], detail);
        }
        return None;
    }
    budget.bytes -= wanted;
    budget.hiding -= usize::from(may_hide);
    match pieces(reading, path, stat.st_size as u64, piece) {
        Ok(text) => Some(text),
        Err(failure) => {
            reading.failed(path, &["traits"], failure);
            None
        }
    }
}

fn pieces(
    reading: &Reading<'_, WebFile>,
    path: &Path,
    size: u64,
    piece: u64,
) -> Result<Vec<u8>, Failure> {
    let mut file = reading.root.reader(path, u64::MAX)?.into_inner();
    let mut text = Vec::new();
    if size <= 2 * piece {
        file.take(2 * piece).read_to_end(&mut text)?;
        return Ok(text);
    }
    Read::take(&mut file, piece).read_to_end(&mut text)?;
    // The middle keeps its lines from being counted, but nothing stands in two halves.
    text.push(b'\n');
    let from = i64::try_from(piece).map_err(|_| too_large())?;
    file.seek(SeekFrom::End(-from))?;
    file.take(piece).read_to_end(&mut text)?;
    Ok(text)
}

fn too_large() -> Failure {
    Failure { reason: Reason::TooLarge, detail: "larger than can be read".into() }
}
