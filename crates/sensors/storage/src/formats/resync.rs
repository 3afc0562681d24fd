//! Where a broken file's own bytes end: what was noticed to be foreign began a little earlier.

use std::sync::OnceLock;

use super::{Format, chance};
use crate::{
    Stretch,
    stretch::WINDOW,
    triage::sieve::{Needle, Sieve},
};

/// How far before the place where a break was noticed another file's beginning is looked for.
const BACK: u64 = WINDOW as u64 / 2;
/// A run of one byte that is no content: shorter ones chance makes.
const FILLER: usize = 16;

/// Bytes of a signature that stands in no content.
const LONG: usize = 6;

/// Where a file breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// The first byte that is not its own.
    pub at: u64,
    /// Whether what stands there can be told: filler, the beginning of another file, or the end of the medium.
    pub clear: bool,
}

/// The break that was noticed at `noticed`, of a file whose content begins at `from`.
pub fn cut(stretch: &mut Stretch, from: u64, noticed: u64) -> Cut {
    cut_by(stretch, from, noticed, false)
}

/// The same where chance may pass for content for thousands of bytes, as Deflate takes it.
pub fn late(stretch: &mut Stretch, from: u64, noticed: u64) -> Cut {
    cut_by(stretch, from, noticed, true)
}

fn cut_by(stretch: &mut Stretch, from: u64, noticed: u64, late: bool) -> Cut {
    let noticed = noticed.clamp(from, stretch.len().max(from));
    let begins = begins(stretch, from.max(noticed.saturating_sub(BACK)), noticed, 3);
    let mut before = || late.then(|| chance::before(stretch, from, noticed)).flatten();
    let at = begins.or_else(&mut before).unwrap_or(noticed);
    let own = before_filler(stretch, from, at);
    let filled = own < at || filler_at(stretch, at);
    Cut { at: own, clear: filled || begins.is_some() || at >= stretch.len() }
}

/// Where another file begins in these bytes, or right behind them, by a signature of at least so many bytes.
fn begins(stretch: &mut Stretch, from: u64, to: u64, least: usize) -> Option<u64> {
    let (sieve, formats) = beginnings();
    let inside = (to - from) as usize;
    let bytes = stretch.peek(from, inside + 512);
    let mut first = None;
    sieve.search(bytes, inside + 32, &mut |needle, found| {
        let (format, at) = formats[needle];
        let long = sieve.needles()[needle].bytes.len() >= least;
        let Some(at) = found.checked_sub(at).filter(|at| long && *at <= inside) else { return };
        let rest = &bytes[at..bytes.len().min(at + 512)];
        if first.is_none_or(|first| at < first) && (format.looks)(rest) {
            first = Some(at);
        }
    });
    first.map(|at| from + at as u64)
}

/// Where another file begins between two places, by a signature that content of any kind has not: for content of which every
/// byte could be its own.
pub fn another(stretch: &mut Stretch, from: u64, to: u64) -> Option<u64> {
    beyond(stretch, from, to, LONG)
}

/// The same by shorter ones too: where content seemed to go on, and might be another file's of the same kind.
pub fn of_kind(stretch: &mut Stretch, from: u64, to: u64) -> Option<u64> {
    beyond(stretch, from, to, 4)
}

fn beyond(stretch: &mut Stretch, from: u64, to: u64, least: usize) -> Option<u64> {
    let mut at = from;
    while at < to {
        let step = (to - at).min(BACK);
        let found = begins(stretch, at, at + step, least).filter(|found| *found < to);
        if found.is_some() {
            return found;
        }
        at += step;
    }
    None
}

/// Needles, and for each its form and where in a file it stands.
type Beginnings = (Sieve, Vec<(&'static Format, usize)>);

/// Signatures near a file's first byte which chance makes seldom.
fn beginnings() -> &'static Beginnings {
    static BEGINNINGS: OnceLock<Beginnings> = OnceLock::new();
    BEGINNINGS.get_or_init(|| {
        let each =
            super::all().flat_map(|format| format.signatures.iter().map(move |s| (format, s)));
        let strong = each.filter(|(_, s)| s.at <= 16 && !s.aligned && s.bytes.len() >= 3);
        let needle =
            |(format, s): (_, &super::Signature)| ((format, s.at as usize), Needle::exact(s.bytes));
        let (formats, needles) = strong.map(needle).unzip();
        (Sieve::new(needles), formats)
    })
}

/// Before the filler that ends at `to`.
fn before_filler(stretch: &mut Stretch, from: u64, to: u64) -> u64 {
    let mut end = to;
    let mut filler = None;
    while end > from {
        let step = (end - from).min(4096);
        let bytes = stretch.peek(end - step, step as usize);
        let Some(last) = bytes.last().copied().filter(|last| matches!(last, 0 | 0xFF)) else {
            break;
        };
        if *filler.get_or_insert(last) != last {
            break;
        }
        let run = bytes.iter().rev().take_while(|byte| **byte == last).count();
        end -= run as u64;
        if run < step as usize {
            break;
        }
    }
    if to - end >= FILLER as u64 { end } else { to }
}

fn filler_at(stretch: &mut Stretch, at: u64) -> bool {
    let bytes = stretch.peek(at, 64);
    bytes.len() == 64 && matches!(bytes[0], 0 | 0xFF) && bytes.iter().all(|byte| *byte == bytes[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filler_and_other_files_end_a_file() {
        let own = b"content that is no filler at all";
        let mut bytes = own.to_vec();
        bytes.extend([0; 10_000]);
        let mut stretch = Stretch::new(&bytes);
        assert_eq!(cut(&mut stretch, 0, 9_000), Cut { at: own.len() as u64, clear: true });
        assert_eq!(cut(&mut stretch, 0, own.len() as u64).at, own.len() as u64);

        let mut bytes = own.repeat(40);
        let at = bytes.len() as u64;
        bytes.extend(
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55",
        );
        bytes.extend(own.repeat(9));
        let mut stretch = Stretch::new(&bytes);
        assert_eq!(cut(&mut stretch, 0, at + 100), Cut { at, clear: true });
        assert_eq!(cut(&mut stretch, 0, at - 100), Cut { at: at - 100, clear: false });
        assert_eq!(cut(&mut stretch, 0, u64::MAX).at, at);
    }
}
