//! Which bytes of a file were looked at: what its tables only name may be anything, another file too.
//! Bounds: 65,536 ranges; of what was not looked at 256 MiB, and sixteen times what was.

use crate::{Run, Stretch, formats::resync, ranges::Ranges};

/// So much between what was looked at is no matter.
pub const GAP: u64 = 64 * 1024;
/// Values of a maker, or the layers that Photoshop keeps, are at most so long, or so many times what was looked at.
const LARGEST: u64 = 256 << 20;
const TIMES: u64 = 16;
const MOST_RANGES: usize = 1 << 16;
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

/// The first byte between two places that is not plausible as content which is only counted, of a file of which `seen` bytes were looked at.
pub fn foreign(stretch: &mut Stretch, from: u64, to: u64, seen: u64) -> Option<u64> {
    let bytes = to.saturating_sub(from);
    match bytes > LARGEST.saturating_add(seen.saturating_mul(TIMES)) {
        _ if bytes <= GAP || stretch.is_proven(to) => None,
        true => Some(from),
        false => resync::another(stretch, from, to),
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
        let mut unseen = Unseen::Plausible;
        let mut at = 0;
        for run in self.seen.iter().chain([Run::new(end, 0)]) {
            let (from, to) = (at, run.start.min(end));
            at = at.max(run.end());
            let Some(other) = foreign(stretch, from, to, seen) else { continue };
            let enclosed = run.bytes > 0 && to - from <= seen.saturating_mul(TIMES);
            if !enclosed {
                return Unseen::Foreign(other);
            }
            unseen = Unseen::Doubtful;
        }
        unseen
    }
}
