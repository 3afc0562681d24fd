//! Runs of text in UTF-16.

use super::{LEAST, runs::YOUNG, scan::Measure};

/// A run that is read.
#[derive(Debug, Clone, Copy)]
pub struct Wide {
    pub start: u64,
    units: u64,
    /// Whether it begins with the mark that tells the order: then it begins there, wherever that is.
    marked: bool,
    measure: Measure,
}

impl Wide {
    pub fn new(start: u64) -> Self {
        Self { start, units: 0, marked: false, measure: Measure::default() }
    }

    pub fn take(&mut self, unit: u16) -> bool {
        let first = self.units == 0 && unit == MARK;
        if !first && !is_text(unit) {
            return false;
        }
        self.units += 1;
        self.marked |= first;
        self.measure.take(unit);
        true
    }

    /// Whether so much of it may be chance.
    pub fn may_be_chance(&self, bytes: u64) -> bool {
        !self.marked && bytes < YOUNG
    }

    /// Its end, where it is long enough and a text.
    pub fn finish(&self) -> Option<u64> {
        (self.units * 2 >= LEAST && self.measure.is_text()).then_some(self.start + self.units * 2)
    }
}

/// What tells the order, as the first of a text.
pub const MARK: u16 = 0xFEFF;

/// What ordinary texts are made of; two letters of ASCII read as one character are mostly none of these, or stand without blanks.
pub fn is_text(unit: u16) -> bool {
    // Most of what is asked for is none by its upper half.
    match unit >> 8 {
        0x4E..=0x9E | 0xAC..=0xD6 => return true,
        0x00..=0x06 | 0x20 | 0x30 | 0x9F | 0xD7 | 0xFF => {}
        _ => return false,
    }
    matches!(
        unit,
        0x09 | 0x0A
            | 0x0D
            | 0x20..=0x7E
            | 0xA0..=0x24F
            | 0x400..=0x45F
            | 0x620..=0x652
            | 0x2010..=0x2026
            | 0x3000..=0x30FF
            | 0x4E00..=0x9FA5
            | 0xAC00..=0xD7A3
            | 0xFF01..=0xFF5E
    )
}
