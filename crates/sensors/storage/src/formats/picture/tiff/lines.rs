//! The lines of a strip that is coded as a fax.

use super::page::Page;
use crate::{
    Stretch,
    formats::picture::{
        bits::{self, Bits, First},
        fax::{self, Fax},
    },
};

pub fn mirrored(page: &Page) -> First {
    if page.fill == 2 { First::Mirrored } else { First::Highest }
}

pub fn coding(page: &Page) -> fax::Coding {
    match (page.packing, page.options & 1) {
        (2, _) => fax::Coding::Lines,
        (3, 0) => fax::Coding::One,
        (3, _) => fax::Coding::Two,
        _ => fax::Coding::Four,
    }
}

/// How far the lines of a strip are decoded: what is kept of a walk.
#[derive(Clone)]
struct Lines {
    /// Where they lie, and how they are read: several pages may claim the same bytes.
    of: (u64, fax::Coding, u32, First),
    row: u32,
    fax: Fax,
    bits: bits::State,
}

/// So far are the states apart that are kept, and none lies farther from the file's first byte: each may have 8 KiB.
const APART: u64 = 16 * 1024;
const FARTHEST: u64 = 64 << 20;

/// The first byte that is seen to be wrong, if any is.
pub fn lines(stretch: &mut Stretch, page: &Page, rows: u32, (at, end): (u64, u64)) -> Option<u64> {
    let of = (at, coding(page), page.part.0, mirrored(page));
    let Some(mut fax) = Fax::new(of.1, of.2) else { return Some(at) };
    let kept = stretch.kept::<Lines>().filter(|lines| lines.of == of);
    let mut bits = Bits::new(stretch, at, end, of.3);
    let mut first = 0;
    if let Some(lines) = kept {
        (first, fax) = (lines.row, lines.fax);
        bits.resume(lines.bits);
    }
    let mut next = bits.place() + APART;
    for row in first..rows {
        if bits.place() >= next && bits.place() < FARTHEST && fax.is_simple() {
            let (place, state) = bits.state();
            let lines = || Lines { of, row, fax: fax.clone(), bits: state };
            bits.stretch.keep(place, lines);
            next = place + APART;
        }
        if fax.line(&mut bits).is_none() {
            return Some(bits.place());
        }
    }
    (!fax.ends(&mut bits, end, 4)).then_some(bits.place())
}
