//! Pictures inside a page: parts of so many lines, packed by runs or by changes of the line before, or plain.

use super::super::{
    rows,
    trail::{SHORT, Trail},
};

/// What is known of a picture whose part may follow.
#[derive(Default)]
pub struct Picture {
    /// A part was announced.
    pub follows: bool,
    pub lines: u64,
    pub packing: u64,
    /// Bytes of a line, once a part came out.
    pub line: Option<u64>,
}

impl Picture {
    /// Whether the part of a picture comes out at its lines.
    pub fn comes_out(&mut self, trail: &mut Trail, bytes: u64) -> bool {
        if !std::mem::take(&mut self.follows) {
            return bytes <= SHORT;
        }
        let seen = trail.peek(usize::try_from(bytes).unwrap_or(usize::MAX));
        let lines = self.lines;
        let made = match self.packing {
            0 => Some(bytes),
            1 => rows::runs(seen),
            3 => return rows::rows_of_changes(seen, lines),
            _ => None,
        };
        let line = made.filter(|made| lines > 0 && made.is_multiple_of(lines));
        let line = line.map(|made| made / lines);
        let same = line.is_some() && (self.line.is_none() || self.line == line);
        self.line = line;
        let packed = self.packing == 1 && seen.len() as u64 == bytes;
        same && (packed || bytes <= SHORT)
    }
}
