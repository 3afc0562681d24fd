//! Which bytes of a file were looked at: what its tables only name may be anything, another file too.
//! Bounds: 65,536 ranges; of all that was not looked at 256 MiB, and sixteen times what was; 64 texts in it.

use crate::{Run, Stretch, formats::resync, ranges::Ranges};

/// So much between what was looked at is no matter.
pub const GAP: u64 = 64 * 1024;
/// Values of a maker, or the layers that Photoshop keeps, are at most so long, or so many times what was looked at.
const LARGEST: u64 = 256 << 20;
const TIMES: u64 = 16;
const MOST_RANGES: usize = 1 << 16;
/// What a program says of a picture is a value of many files, and no file of its own: so often it may stand there.
const TEXTS: [&[u8]; 2] = [b"<?xml ", b"\xEF\xBB\xBF<?xml "];
const MOST_TEXTS: u32 = 64;
/// Strips are read at most so many times, and so many bytes in any case.
const READ_AGAIN: u64 = 4;
const READ: u64 = 1 << 20;

#[derive(Debug, Default)]
pub struct Extent {
    seen: Ranges,
    /// Packed bytes that were read of strips, and how many may be: one byte becomes a thousand at most.
    work: u64,
    room: u64,
}

/// How many bytes of a file may only be counted.
pub struct Room(u64);

impl Room {
    /// For one of which so many bytes were looked at.
    pub fn beside(seen: u64) -> Self {
        Self(LARGEST.saturating_add(seen.saturating_mul(TIMES)))
    }

    /// The first byte between two places that is not plausible as content which is only counted.
    pub fn foreign(&mut self, stretch: &mut Stretch, from: u64, to: u64) -> Option<u64> {
        let bytes = to.saturating_sub(from);
        if bytes <= GAP || stretch.is_proven(to) {
            return None;
        }
        let Some(left) = self.0.checked_sub(bytes) else { return Some(from) };
        self.0 = left;
        another(stretch, from, to)
    }
}

/// Where another file begins that is no text of this one.
fn another(stretch: &mut Stretch, from: u64, to: u64) -> Option<u64> {
    let mut at = from;
    for _ in 0..MOST_TEXTS {
        let other = resync::another(stretch, at, to)?;
        if !TEXTS.iter().any(|text| stretch.starts(other, text)) {
            return Some(other);
        }
        at = other + TEXTS[0].len() as u64;
    }
    resync::another(stretch, at, to)
}

impl Default for Room {
    fn default() -> Self {
        Self::beside(0)
    }
}

/// What is said of what was not looked at.
pub enum Unseen {
    Plausible,
    /// Another file may begin inside, but what lies behind is where it should be.
    Doubtful,
    /// From here on it is not its own.
    Foreign(u64),
}

impl Extent {
    pub fn saw(&mut self, start: u64, end: u64) {
        self.seen.add(Run::new(start, end.saturating_sub(start)));
        if self.seen.len() > MOST_RANGES {
            self.seen.join_nearest(start);
        }
    }

    fn bytes(&self) -> u64 {
        self.seen.iter().map(|run| run.bytes).fold(0, u64::saturating_add)
    }

    /// Adds packed bytes that were read; false where they are more than strips that do not overlap can have.
    pub fn works(&mut self, packed: u64) -> bool {
        self.work = self.work.saturating_add(packed);
        if self.work > self.room {
            self.room = self.bytes().saturating_mul(READ_AGAIN).saturating_add(READ);
        }
        self.work <= self.room
    }

    /// Looks at all before `end` that was not looked at.
    pub fn unseen(&self, stretch: &mut Stretch, end: u64) -> Unseen {
        let seen = self.bytes();
        let mut room = Room::beside(seen);
        let mut unseen = Unseen::Plausible;
        let mut at = 0;
        for run in self.seen.iter().chain([Run::new(end, 0)]) {
            let (from, to) = (at, run.start.min(end));
            at = at.max(run.end());
            let Some(other) = room.foreign(stretch, from, to) else { continue };
            let enclosed = run.bytes > 0 && to - from <= seen.saturating_mul(TIMES);
            if !enclosed {
                return Unseen::Foreign(other);
            }
            unseen = Unseen::Doubtful;
        }
        unseen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_share_one_room() {
        const MIB: u64 = 1 << 20;
        let mut extent = Extent::default();
        let places = [0, 200 * MIB, 400 * MIB];
        places.iter().for_each(|at| extent.saw(*at, at + 8));
        // Behind the medium's end nothing has to be read.
        let medium = b"nothing".to_vec();
        let mut stretch = Stretch::new(&medium);
        let mut told = |end| match extent.unseen(&mut stretch, end) {
            Unseen::Foreign(at) => Some(at),
            _ => None,
        };
        assert_eq!(told(places[1] + 8), None);
        assert_eq!(told(places[2] + 8), Some(places[1] + 8));
    }
}
