//! The dump of a flash chip with its spare areas: behind each page stand some bytes of the controller, for
//! error correction and bad blocks. They are left out, so that what was stored reads in one piece.

mod geometry;

use super::layer::Layer;
use crate::{Gap, Run};
pub use geometry::{Geometry, KNOWN, recognise};

/// Pages that are read at once.
const AT_ONCE: u64 = 64;

pub struct Flash {
    of: Box<dyn Layer>,
    geometry: Geometry,
}

impl Flash {
    pub fn new(of: Box<dyn Layer>, geometry: Geometry) -> Self {
        Self { of, geometry }
    }

    /// Where a byte of the dump lies without the spare areas; the next page where it is of a spare area.
    fn logical(&self, raw: u64) -> u64 {
        let (page, inside) = (raw / self.geometry.row(), raw % self.geometry.row());
        page * self.geometry.page + inside.min(self.geometry.page)
    }
}

impl Layer for Flash {
    /// Of a page that is cut its own bytes.
    fn len(&self) -> u64 {
        self.logical(self.of.len())
    }

    fn read(&self, at: u64, into: &mut [u8], lost: &mut dyn FnMut(Run)) {
        let Geometry { page, .. } = self.geometry;
        let row = self.geometry.row();
        let mut rows = Vec::new();
        let mut done = 0;
        while done < into.len() {
            let place = at.saturating_add(done as u64);
            let (first, mut skip) = (place / page, place % page);
            let pages = ((into.len() - done) as u64 + skip).div_ceil(page).min(AT_ONCE);
            let start = first.saturating_mul(row);
            let count = (pages * row).min(self.of.len().saturating_sub(start));
            if count == 0 {
                into[done..].fill(0);
                return;
            }
            rows.resize(count as usize, 0);
            self.of.read(start, &mut rows, &mut |run| {
                let (from, to) = (self.logical(run.start), self.logical(run.end()));
                lost(Run::new(from, to - from));
            });
            for row in rows.chunks(row as usize) {
                let data = &row[..row.len().min(page as usize)];
                let data = data.get(skip as usize..).unwrap_or_default();
                let count = data.len().min(into.len() - done);
                into[done..done + count].copy_from_slice(&data[..count]);
                done += count;
                skip = 0;
            }
        }
    }

    fn gap(&self, at: u64, until: u64) -> Option<Gap> {
        let (page, inside) = (at / self.geometry.page, at % self.geometry.page);
        let row = |page: u64| page.saturating_mul(self.geometry.row());
        let gap =
            self.of.gap(row(page).saturating_add(inside), row(until / self.geometry.page + 1))?;
        let end = self.logical(gap.end);
        (end > at).then_some(Gap { end, ..gap })
    }

    fn again(&self, until: std::time::Instant, gained: &mut dyn FnMut(Run)) {
        self.of.again(until, &mut |run| {
            let (from, to) = (self.logical(run.start), self.logical(run.end()));
            gained(Run::new(from, to - from));
        });
    }

    fn faults(&self) -> Vec<String> {
        self.of.faults()
    }
}

#[cfg(test)]
mod tests;
