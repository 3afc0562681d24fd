//! What could not be read in the pass and can be now is looked at as the pass would have.

use super::{
    class::{self, BLOCK},
    map::Extent,
    pass::{PORTION, Pass, Portion, State},
    suspects::AROUND,
};
use crate::{Run, ranges::Ranges};

/// Places begin on sectors for whoever watches.
const SECTOR: u64 = 512;

impl Pass<'_> {
    /// The fingerprint is over: it was made of what was read in order.
    pub fn regain(&self, gained: &Ranges, state: &mut State) {
        state.regained += gained.iter().map(|run| run.bytes).sum::<u64>();
        // Of a block that was bad in several places each is in one stretch.
        let mut blocks = Ranges::default();
        for run in gained.iter() {
            let start = run.start / BLOCK as u64 * BLOCK as u64;
            let end = run.end().next_multiple_of(BLOCK as u64).min(self.medium.len());
            blocks.add(Run::new(start, end.saturating_sub(start)));
        }
        let mut buffer = Vec::new();
        for run in blocks.iter() {
            for start in (run.start..run.end()).step_by(PORTION) {
                let bytes = (run.end() - start).min(PORTION as u64);
                self.look_again(Run::new(start, bytes), &mut buffer, state);
            }
        }
        state.sights.settle();
    }

    fn look_again(&self, run: Run, buffer: &mut Vec<u8>, state: &mut State) {
        // What begins before it was cut off by it, too.
        let overlap = self.suspects.overlap();
        let first = run.start.saturating_sub(overlap as u64);
        let from = first.saturating_sub(AROUND as u64) / SECTOR * SECTOR;
        buffer.resize((run.end() - from) as usize + overlap, 0);
        let read = self.medium.read_at(from, buffer);
        let seen = &buffer[..read];
        let end = ((run.end() - from) as usize).min(read);
        self.suspects.search(seen, (first - from) as usize..end, from, &mut state.sights);
        if let Some(watch) = self.watch {
            watch(from, seen);
        }
        let mut found = Portion::new(run.bytes);
        let mut block = [0; BLOCK];
        for at in (run.start..run.end()).step_by(BLOCK) {
            let read = self.medium.read_at(at, &mut block);
            if read > 0 && !self.medium.is_bad(at, read as u64) {
                found.extent(Extent::new(at, read as u64, class::look(&block[..read])));
            }
        }
        found.extents.into_iter().for_each(|extent| state.map.regain(extent));
    }
}
