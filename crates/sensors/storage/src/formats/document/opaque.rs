//! Where what nobody can look into surely ends: at the first sector that is one byte over and over, or that
//! begins another file.

use crate::{
    Stretch,
    formats::{self, chance, resync},
};

const SECTOR: u64 = 512;

/// The place in `from..to` at which something foreign begins, or `to`. Sectors are counted from the file's first byte.
pub fn extent(stretch: &mut Stretch, from: u64, to: u64) -> u64 {
    first(stretch, from, to, |sector| uniform(sector) || begins(sector))
}

/// The place in `from..to` at which filler, chance or another file begins, of content without proof that is no chance.
pub fn strange(stretch: &mut Stretch, from: u64, to: u64) -> u64 {
    let to = extent(stretch, from, to);
    let to = resync::of_kind(stretch, from + 1, to).unwrap_or(to);
    chance::within(stretch, from, to)
}

/// The place in `from..to` at which a sector begins another file, or `to`.
pub fn begun(stretch: &mut Stretch, from: u64, to: u64) -> u64 {
    first(stretch, from, to, begins)
}

fn first(stretch: &mut Stretch, from: u64, to: u64, is: fn(&[u8]) -> bool) -> u64 {
    let to = to.min(stretch.len());
    let mut at = from.next_multiple_of(SECTOR);
    while at < to {
        if is(stretch.peek(at, SECTOR as usize)) {
            return at;
        }
        at += SECTOR;
    }
    to
}

/// Without the zeros behind its last byte: those of a medium that was never written.
pub fn trimmed(stretch: &mut Stretch, least: u64, length: u64) -> u64 {
    let mut end = length.min(stretch.len()).max(least);
    while end > least {
        let start = end.saturating_sub(4096).max(least);
        let piece = stretch.peek(start, (end - start) as usize);
        if let Some(last) = piece.iter().rposition(|byte| *byte != 0) {
            return start + last as u64 + 1;
        }
        end = start;
    }
    least
}

fn uniform(sector: &[u8]) -> bool {
    sector.first().is_some_and(|first| sector.iter().all(|byte| byte == first))
}

/// Whether a sector has the first bytes of a file of any form.
fn begins(sector: &[u8]) -> bool {
    formats::all().any(|format| {
        let shows = format.signatures.iter().any(|signature| {
            signature.bytes.len() >= 3
                && usize::try_from(signature.at)
                    .ok()
                    .and_then(|at| sector.get(at..))
                    .is_some_and(|rest| rest.starts_with(signature.bytes))
        });
        shows && (format.looks)(sector)
    })
}
